using CortexMl.Data.Classes;
using CortexMl.Data.Images;
using CortexMl.Data.Sources;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Data;

/// <summary>Finds out what a data file is: by its name where that says it, else by its first bytes and its length.</summary>
internal static class RawSources
{
    private const string Known =
        "known are .npy, .npz, IDX, CIFAR records, PNG, JPEG, BMP, GIF, WebP, PPM, "
        + "folders and patterns of images, and raw binary with --shape and --dtype";

    private static readonly string[] LabelKeys = ["labels", "label", "y"];

    /// <returns>One source per graph input, and the labels that the data itself holds beside the samples.</returns>
    /// <param name="classes">Names of the classes; null where they are not known.</param>
    public static (IReadOnlyList<IRawSource> Sources, IReadOnlyList<int>? Labels) Open(
        DataOptions options, IReadOnlyList<(string Name, Shape Shape)> inputs, ClassList? classes = null)
    {
        string name = InputFile.DisplayName(options.Path);
        if (Extension(name) == ".npz") return Archive(options.Path, inputs);
        if (inputs.Count != 1)
            throw new DiagnosticException(
                DataCodes.UnknownFormat, $"the network has {Counted.Of(inputs.Count, "input")}, but '{name}' holds samples for one",
                hint: $"give a .npz file with the arrays {Listing.Of([.. inputs.Select(i => i.Name)])}");
        if (options.More.Count > 0 || ImagePattern.Is(options.Path)) return ([ImageSource.Files(ImagePattern.All(options))], null);
        if (Directory.Exists(options.Path)) return ([ImageSource.Folder(options.Path, classes)], null);
        if (ImageFile.HasImageName(name)) return ([ImageSource.File(options.Path)], null);
        byte[] bytes = InputFile.ReadUnpacked(options.Path);
        if (Extension(name) == ".npy" || NpyReader.IsNpy(bytes))
            return ([Samples(NpyReader.Read(bytes, name), name, inputs[0].Shape)], null);
        if (options.Shape is { } shape) return ([new RecordSource(bytes, name, options.DType, shape, 0)], null);
        return ([Records(bytes, name, inputs[0].Shape)], null);
    }

    private static IRawSource Records(byte[] bytes, string name, Shape input)
    {
        if (bytes.Length == 0) throw new DiagnosticException(DataCodes.Empty, "the file is empty", new(name));
        if (Idx.IsWhole(bytes)) return Samples(Idx.Read(bytes, name), name, input);
        if (bytes.Length % RecordSource.CifarRecord == 0) return RecordSource.Cifar(bytes, name);
        if (bytes.Length % RecordSource.PhotoRecord == 0) return RecordSource.Photos(bytes, name);
        if (Idx.HasMagic(bytes)) return Samples(Idx.Read(bytes, name), name, input);
        throw new DiagnosticException(DataCodes.UnknownFormat,
            $"what kind of data '{name}' is cannot be told from its name, its first bytes or its length", new(name), Known);
    }

    /// <summary>Along the first axis, or one sample where the whole array already is the input.</summary>
    private static TensorSource Samples(Tensor array, string name, Shape input)
    {
        if (array.Shape.Rank == 0)
            throw new DiagnosticException(DataCodes.ShapeMismatch, $"a single number is no sample; the input takes {input}", new(name));
        bool isOneSample = array.Shape.Insert(0, 1) == input;
        return new(isOneSample ? array.Reshape(input) : array, name);
    }

    private static (IReadOnlyList<IRawSource>, IReadOnlyList<int>?) Archive(string path, IReadOnlyList<(string Name, Shape Shape)> inputs)
    {
        string name = InputFile.DisplayName(path);
        using var archive = new NpzReader(path);
        string? labelKey = archive.Keys.FirstOrDefault(LabelKeys.Contains);
        var labels = labelKey is null ? null : LabelFile.Classes(archive.Read(labelKey), $"{name}[{labelKey}]");
        var others = archive.Keys.Where(k => k != labelKey).ToList();
        if (inputs.Count == 1 && others.Count == 1)
            return ([Samples(archive.Read(others[0]), $"{name}[{others[0]}]", inputs[0].Shape)], labels);
        var held = others.ToHashSet(StringComparer.Ordinal);
        var missing = inputs.Where(i => !held.Contains(i.Name)).Select(i => i.Name).ToList();
        if (missing.Count > 0)
            throw new DiagnosticException(DiagnosticCodes.TensorMissing,
                $"the file holds {Listing.Of(others)}; there is no array for input {Listing.Of(missing)}",
                new(name), "name the arrays like the inputs of the network; labels are an array 'labels'");
        return ([.. inputs.Select(i => Samples(archive.Read(i.Name), $"{name}[{i.Name}]", i.Shape))], labels);
    }

    private static string Extension(string name) => Path.GetExtension(name).ToLowerInvariant();
}

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
        var states = (options.States ?? []).Select(s => s.Input).ToHashSet(StringComparer.Ordinal);
        if (Extension(name) == ".npz") return Archive(options.Path, inputs, states);
        if (inputs.Where(i => !states.Contains(i.Name)).ToList() is { Count: 1 } stated && inputs.Count > 1)
        {
            var (own, labels) = Open(options, stated, classes);
            return (WithStates(inputs, i => i == stated[0] ? own[0] : null, _ => null), labels);
        }
        if (inputs.Count != 1)
            throw new DiagnosticException(
                DataCodes.UnknownFormat, $"the network has {Counted.Of(inputs.Count, "input")}, but '{name}' holds samples for one",
                hint: $"give a .npz file with the arrays {Listing.Of([.. inputs.Select(i => i.Name)])}");
        if (options.More.Count > 0 || ImagePattern.Is(options.Path)) return ([ImageSource.Files(ImagePattern.All(options))], null);
        if (Directory.Exists(options.Path)) return ([ImageSource.Folder(options.Path, classes)], null);
        if (ImageFile.HasImageName(name)) return ([ImageSource.File(options.Path)], null);
        var bytes = StoredBytes.Of(options.Path);
        if (Extension(name) == ".npy" || NpyReader.IsNpy(bytes.Start)) return ([Npy(bytes, options.Path, name, inputs[0].Shape)], null);
        if (options.Shape is { } shape) return ([new RecordSource(bytes, name, options.DType, shape, 0)], null);
        return ([Records(bytes, name, inputs[0].Shape)], null);
    }

    /// <summary>The sources that there are; of the other inputs what is there at the start, else zeros, as often.</summary>
    private static IReadOnlyList<IRawSource> WithStates(
        IReadOnlyList<(string Name, Shape Shape)> inputs, Func<(string Name, Shape Shape), IRawSource?> held,
        Func<(string Name, Shape Shape), Tensor?> start)
    {
        var sources = inputs.Select(held).ToList();
        int count = sources.OfType<IRawSource>().Select(s => s.Count).DefaultIfEmpty().Min();
        return [.. sources.Zip(inputs, (source, input) => source
            ?? new RepeatedSource(
                start(input)?.Reshape(input.Shape) ?? Tensor.Create(input.Shape, new float[checked((int)input.Shape.Count)]), count))];
    }

    private static IRawSource Npy(StoredBytes bytes, string path, string name, Shape input)
    {
        if (NpyReader.Find(bytes.Start, bytes.Length, name) is { } array) return Stored(bytes, array, name, input);
        return Samples(NpyReader.Read(InputFile.ReadUnpacked(path), name), name, input);
    }

    private static IRawSource Records(StoredBytes bytes, string name, Shape input)
    {
        if (bytes.Length == 0) throw new DiagnosticException(DataCodes.Empty, "the file is empty", new(name));
        if (Idx.IsWhole(bytes.Start, bytes.Length)) return Stored(bytes, Idx.Find(bytes.Start, bytes.Length, name), name, input);
        if (bytes.Length % RecordSource.CifarRecord == 0) return RecordSource.Cifar(bytes, name);
        if (bytes.Length % RecordSource.PhotoRecord == 0) return RecordSource.Photos(bytes, name);
        if (Idx.HasMagic(bytes.Start)) return Stored(bytes, Idx.Find(bytes.Start, bytes.Length, name), name, input);
        throw new DiagnosticException(DataCodes.UnknownFormat,
            $"what kind of data '{name}' is cannot be told from its name, its first bytes or its length", new(name), Known);
    }

    private static StoredSource Stored(StoredBytes bytes, StoredArray array, string name, Shape input) =>
        new(bytes, array with { Shape = Batch(array.Shape, name, input) }, name);

    private static TensorSource Samples(Tensor array, string name, Shape input) =>
        new(array.Reshape(Batch(array.Shape, name, input)), name);

    /// <summary>Samples lie along the first axis; or there is one where the whole array already is the input.</summary>
    private static Shape Batch(Shape array, string name, Shape input)
    {
        if (array.Rank == 0)
            throw new DiagnosticException(DataCodes.ShapeMismatch, $"a single number is no sample; the input takes {input}", new(name));
        if (array.Insert(0, 1) == input) return input;
        // A first axis that is no batch.
        return array == input && input[0] != 1 ? input.Insert(0, 1) : array;
    }

    private static (IReadOnlyList<IRawSource>, IReadOnlyList<int>?) Archive(
        string path, IReadOnlyList<(string Name, Shape Shape)> inputs, IReadOnlySet<string> states)
    {
        string name = InputFile.DisplayName(path);
        using var archive = new NpzReader(path);
        string? labelKey = archive.Keys.FirstOrDefault(LabelKeys.Contains);
        var labels = labelKey is null ? null : LabelFile.Classes(archive.Read(labelKey), $"{name}[{labelKey}]");
        var others = archive.Keys.Where(k => k != labelKey).ToList();
        if (inputs.Where(i => !states.Contains(i.Name)).ToList() is [var only] && others is [var single])
            return (WithStates(inputs, i => i == only ? Read(single, i.Shape) : null, _ => null), labels);
        var held = others.ToHashSet(StringComparer.Ordinal);
        var missing = inputs.Where(i => !held.Contains(i.Name) && !states.Contains(i.Name)).Select(i => i.Name).ToList();
        if (missing.Count > 0)
            throw new DiagnosticException(DiagnosticCodes.TensorMissing,
                $"the file holds {Listing.Of(others)}; there is no array for input {Listing.Of(missing)}",
                new(name), "name the arrays like the inputs of the network; labels are an array 'labels'");
        var starts = inputs.Where(i => states.Contains(i.Name) && held.Contains(i.Name)).Select(i => (i.Name, Array: archive.Read(i.Name)))
            .ToDictionary(s => s.Name, s => s.Array, StringComparer.Ordinal);
        var sources = WithStates(inputs, i => held.Contains(i.Name) && !IsStart(i) ? Read(i.Name, i.Shape) : null,
            i => IsStart(i) ? starts[i.Name] : null);
        return (sources, labels);

        // A state of which the file has one, not one for each sample.
        bool IsStart((string Name, Shape Shape) input) =>
            starts.TryGetValue(input.Name, out var array) && array.Length == input.Shape.Count;

        TensorSource Read(string key, Shape input) => Samples(archive.Read(key), $"{name}[{key}]", input);
    }

    private static string Extension(string name) => Path.GetExtension(name).ToLowerInvariant();
}

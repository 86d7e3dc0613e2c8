using CortexMl.Compiling;
using CortexMl.Cvm;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.Onnx;
using CortexMl.Splitting;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Loading;

/// <summary>
/// Reads a model of any known kind: x-symbol.json with its parameters, x.onnx, x.cml, a folder of CVM files, a folder with one symbol or
/// ONNX file, or one that <c>compile --stop-after</c> wrote.
/// </summary>
public static class ModelLoader
{
    /// <summary>What a shell made of a pattern, mostly.</summary>
    private const string Pictures = "pictures are data: --data FILE, --data FOLDER, or a pattern in quotes, --data 'photos/*.png'";

    private const string Known = "a model is x-symbol.json (MXNet), x.onnx, x.cml, or a folder with symbol and params or model.cml";

    /// <param name="notes">Receives what is worth knowing but no error.</param>
    /// <exception cref="DiagnosticException">
    /// The path is no model, or its files are broken: everything that was found; CML0107, CML0108: they do not belong together.
    /// </exception>
    public static Model Load(string path, ModelOptions? options = null, DiagnosticBag? notes = null)
    {
        options ??= new ModelOptions();
        CheckThere(path);
        var model = FolderManifest.Guard(
            path, options.AcceptsEdited, () => Directory.Exists(path) ? LoadFolder(path, options, notes) : LoadFile(path, options, notes));
        return model with { MaxMemory = options.MaxMemory };
    }

    /// <exception cref="DiagnosticException">CML0101: neither a file nor a folder has that name.</exception>
    public static void CheckThere(string path)
    {
        if (!Directory.Exists(path) && !File.Exists(path))
            throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"there is no file or folder '{path}'",
                hint: "check the path; it is relative to the current folder");
    }

    private static Model LoadFile(string path, ModelOptions options, DiagnosticBag? notes)
    {
        string name = InputFile.DisplayName(path);
        return Path.GetExtension(name).ToLowerInvariant() switch
        {
            ".json" => LoadMxNet(path, options, notes),
            ".cml" =>
                new Model(Path.GetFileNameWithoutExtension(name),
                    LoadText(InputFile.ReadAllText(path), name, Path.GetDirectoryName(path)!, options, notes)),
            ".onnx" => LoadOnnx(path, options, notes),
            _ => throw ForeignModels.Refusal(path)
                ?? new DiagnosticException(LibraryCodes.UnknownModel, $"'{path}' is not a model that is known by its name",
                    hint: Data.Images.ImageFile.HasImageName(name) ? Pictures : Known),
        };
    }

    /// <summary>The only graph of a text; files that it names are looked up in <paramref name="folder"/>.</summary>
    public static Ir.Graph LoadText(string text, string name, string folder, ModelOptions options, DiagnosticBag? notes = null) =>
        TextParser.ParseOne(text, name, Reading(folder, options, notes));

    /// <summary>Every graph of a text, or the one graph of another model.</summary>
    public static IReadOnlyList<Ir.Graph> LoadGraphs(string path, ModelOptions options, DiagnosticBag? notes = null)
    {
        if (!path.EndsWith(".cml", StringComparison.OrdinalIgnoreCase) || !File.Exists(path)) return [Load(path, options, notes).Graph];
        return FolderManifest.Guard(path, options.AcceptsEdited,
            () => LoadGraphs(InputFile.ReadAllText(path), InputFile.DisplayName(path), Path.GetDirectoryName(path)!, options, notes));
    }

    public static IReadOnlyList<Ir.Graph> LoadGraphs(
        string text, string name, string folder, ModelOptions options, DiagnosticBag? notes = null) =>
        TextParser.Parse(text, name, Reading(folder, options, notes));

    private static ParseOptions Reading(string folder, ModelOptions options, DiagnosticBag? notes) => new()
    {
        Resolver = new TensorFiles(folder, TensorFile.Open), MaxMemory = options.MaxMemory, Notes = notes,
    };

    /// <summary>
    /// The symbol of a compiled folder knows no names of values; the text beside it does. A model whose values share storage stays.
    /// </summary>
    public static Model WithNames(string path, Model model, ModelOptions options)
    {
        string text = Path.Combine(path, ModelText.FileName);
        if (model.Cvm is null or { Storage.IsAliased: true } || !File.Exists(text)) return model;
        return model with { Graph = LoadText(InputFile.ReadAllText(text), ModelText.FileName, path, options), Cvm = null };
    }

    /// <summary>Whether the path is a folder of CVM files, or a package of them.</summary>
    public static bool IsCompiled(string path) => HoldsCvmFiles(path) || PackageFolder.IsPackage(path);

    private static bool HoldsCvmFiles(string path) => File.Exists(Path.Combine(path, "symbol"));

    private static Model LoadFolder(string path, ModelOptions options, DiagnosticBag? notes)
    {
        if (HoldsCvmFiles(path)) return LoadCvm(path, options);
        if (PackageFolder.IsPackage(path)) return LoadPackage(path, options);
        string[] symbols = [.. Directory.EnumerateFiles(path, "*-symbol.json").Order(StringComparer.Ordinal)];
        string text = Path.Combine(path, Compiling.ModelText.FileName);
        if (symbols.Length == 0 && File.Exists(text) && !Directory.EnumerateFiles(path, "*.onnx").Any())
            return LoadFile(text, options, notes) with { Name = InputFile.DisplayName(path) };
        return symbols switch
        {
            [var symbol] => LoadMxNet(symbol, options, notes),
            [] => LoadOnnxFolder(path, options, notes),
            _ => throw new DiagnosticException(LibraryCodes.UnknownModel,
                $"folder '{path}' holds several models: {string.Join(", ", symbols.Select(InputFile.DisplayName))}",
                hint: "name one of the files"),
        };
    }

    private static Model LoadOnnxFolder(string path, ModelOptions options, DiagnosticBag? notes)
    {
        string[] files = [.. Directory.EnumerateFiles(path, "*.onnx").Order(StringComparer.Ordinal)];
        return files switch
        {
            [var only] => Load(only, options, notes),
            [] =>
                throw new DiagnosticException(LibraryCodes.UnknownModel,
                    $"folder '{path}' holds no model: neither symbol and params nor an x-symbol.json or x.onnx", hint: Known),
            _ => throw new DiagnosticException(LibraryCodes.UnknownModel,
                $"folder '{path}' holds several models: {string.Join(", ", files.Select(InputFile.DisplayName))}",
                hint: "name one of the files"),
        };
    }

    private static Model LoadCvm(string path, ModelOptions options)
    {
        var cvm = CvmReader.ReadFolder(path, new CvmLoadOptions { MaxMemory = options.MaxMemory }).ModelOrThrow();
        string io = Path.Combine(path, ModelIo.FileName);
        var ports = File.Exists(io) ? CheckedIo(ModelIo.Read(io), cvm) : null;
        return new Model(InputFile.DisplayName(path), cvm.Graph)
        {
            Cvm = cvm, Io = ports, Tail = ports is null ? null : ModelSplit.ReadTail(path, ports, options.MaxMemory),
        };
    }

    private static Model LoadPackage(string path, ModelOptions options)
    {
        var model = LoadCvm(PackageFolder.Data(path), options);
        return model with
        {
            Name = InputFile.DisplayName(path),
            Io = PackageFolder.ReadIo(path) is { } io ? CheckedIo(io, model.Cvm!) : null,
        };
    }

    private static Model LoadMxNet(string path, ModelOptions options, DiagnosticBag? notes)
    {
        RefuseFloats(path, options);
        string? parameters = options.Params ?? (options.RandomParamsSeed is null ? ModelFiles.ParamsBeside(path) : null);
        return new Model(ModelFiles.BaseName(path), MxNetImporter.Import(path, parameters, Import(options), notes));
    }

    private static Model LoadOnnx(string path, ModelOptions options, DiagnosticBag? notes)
    {
        RefuseFloats(path, options);
        return new Model(Path.GetFileNameWithoutExtension(path), OnnxImporter.Import(path, Import(options), notes));
    }

    private static void RefuseFloats(string path, ModelOptions options)
    {
        if (options.NeedsIntegers)
            throw new DiagnosticException(LibraryCodes.WrongLevel, $"'{InputFile.DisplayName(path)}' is no integer model",
                hint: "compile it first: cortexml compile MODEL -o DIR");
    }

    private static ImportOptions Import(ModelOptions options) => new()
    {
        InputShapes = options.InputShapes,
        ShapeOfData = options.ShapeOfData,
        Bindings = options.Bindings,
        RandomParamsSeed = options.RandomParamsSeed,
        MaxMemory = options.MaxMemory,
    };

    /// <summary>A single number has no axes in the network, and one in the CVM.</summary>
    private static bool IsSame(Shape declared, Shape found) => declared == found || (declared.Rank == 0 && found.Count == 1);

    private static ModelIo CheckedIo(ModelIo io, CvmModel cvm)
    {
        var input = cvm.Input.Type;
        bool fits = io.Inputs.Count > 0 && io.Inputs.Max(i => i.Precision) == input.Precision && io.Outputs.Count == cvm.Graph.Outputs.Count
            && io.Outputs.Zip(cvm.Graph.Outputs).All(o => Shape.Of(o.First.Shape).Count == o.Second.Type.Shape.Count)
            && (io.Inputs.Count == 1
                ? IsSame(Shape.Of(io.Inputs[0].Shape), input.Shape)
                : input.Shape.Rank == 1 && io.Inputs.Sum(i => Shape.Of(i.Shape).Count) == input.Shape.Count);
        return fits
            ? io
            : throw new DiagnosticException(
                LibraryCodes.ModelIo, $"{ModelIo.FileName} does not belong to the symbol beside it: inputs or outputs differ",
            new(ModelIo.FileName), "compile the model again, or remove the file and pass --input-scale");
    }
}

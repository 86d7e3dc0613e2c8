using System.Globalization;
using System.Text.Json.Nodes;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Passes;

namespace CortexMl.Runs;

/// <summary>Where things of a configuration are on this machine; what is null is looked for where the reference tool has it.</summary>
/// <param name="Folder">Of the run file: paths in it are relative to this.</param>
public sealed record ImportPlaces(string Folder)
{
    public string? Model { get; init; }

    public string? Params { get; init; }

    public string? Data { get; init; }

    public string? Labels { get; init; }

    public string? Output { get; init; }
}

//  [DEFAULT]                          {
//  Model_name=mnist_dapp                "model": "mnist_dapp.json", "params": "mnist_dapp.params",
//  Input_shape=(-1, 1, 28, 28)   ⇒      "input": {"data": [1, 1, 28, 28]},
//  [CALIBRATION]                        "data": "mnist/t10k-images-idx3-ubyte.gz", "samples": 16, "scale": "1/255",
//  Dataset=mnist                        "output": "mnist_dapp_tfm"
//  …                                  }
/// <summary>The configuration of the reference tool (mnist.ini) as a run file.</summary>
public static class ReferenceConfiguration
{
    private const int StandardBatch = 16, StandardHeight = 224;

    /// <summary>Where the reference tool keeps models and data that its configuration does not place, below the user's folder.</summary>
    private static readonly string s_models = UserFolder("mrt_model"), s_dataSets = UserFolder(".mxnet", "datasets");

    private static readonly string[] s_roots = [s_models, s_dataSets];

    /// <param name="notes">Receives what the run file cannot say, what it need not, and what is not where it was looked for.</param>
    /// <exception cref="DiagnosticException">CML0986: everything that cannot be read; CML0101, CML0102 of reading the file.</exception>
    public static RunFile Import(string path, ImportPlaces places, DiagnosticBag notes)
    {
        var import = new ConfigurationReader(IniFile.Read(path), InputFile.DisplayName(path));
        var root = Path.GetDirectoryName(Path.GetFullPath(path))!;
        import.TellOthers(notes);
        List<RunMember> members =
            [.. Network(import, root, places, notes), .. Data(import, root, places, notes), .. Settings(import, notes)];
        import.Problems.ThrowIfErrors();
        return new(members);
    }

    private static IEnumerable<RunMember> Network(ConfigurationReader ini, string root, ImportPlaces places, DiagnosticBag notes)
    {
        string name = ini.Text(ReferenceKeys.Main, "Model_name") ?? "";
        if (name.Length == 0 && places.Model is null) ini.Missing(ReferenceKeys.Main, "Model_name");
        string? said = ini.Text(ReferenceKeys.Main, "Model_dir");
        string[] folders = said is null ? [root, s_models] : [Placed(said, root)];
        string[] symbols = [.. folders.SelectMany(f => new[] { Path.Combine(f, name + ".json"), Path.Combine(f, name + "-symbol.json") })];
        string model = places.Model ?? Found(symbols, "model", ReferenceKeys.Main, "Model_name", ini, notes);
        yield return new(RunFile.ModelMember, Relative(model, places)) { Comment = [$"from {ini.Name} of the reference tool"] };
        string beside = Path.Combine(Path.GetDirectoryName(model) ?? "", name + ".params");
        if ((places.Params ?? (places.Model is null && File.Exists(beside) ? beside : null)) is { } parameters)
            yield return new("params", Relative(parameters, places));
        if (ini.Shape(ReferenceKeys.Main, "Input_shape") is { } shape)
            yield return new("input", new JsonObject { ["data"] = new JsonArray([.. shape.Select(dim => (JsonNode)dim)]) });
        string dump = ini.Text(ReferenceKeys.Compilation, "Dump_dir") is { } folder ? Placed(folder, root) : places.Folder;
        yield return new("output", Relative(places.Output ?? Path.Combine(dump, (name.Length > 0 ? name : "out") + "_tfm"), places));
    }

    private static IEnumerable<RunMember> Data(ConfigurationReader ini, string root, ImportPlaces places, DiagnosticBag notes)
    {
        if (ini.Find(ReferenceKeys.Calibration, "Dataset") is not { } setting)
        {
            if (places.Data is null) ini.Missing(ReferenceKeys.Calibration, "Dataset");
            yield break;
        }
        if (ReferenceData.All.FirstOrDefault(d => d.Name.Equals(setting.Value, StringComparison.OrdinalIgnoreCase)) is not { } set)
        {
            string[] known = [.. ReferenceData.All.Select(d => d.Name)];
            ini.Refuse($"the reference tool has no data set '{Printable.Name(setting.Value)}'", setting,
                Nearest.Hint(setting.Value, known, $"known are {string.Join(", ", known)}"));
            yield break;
        }
        if (set.File is null && places.Data is null)
        {
            ini.Refuse($"the files of data set '{set.Name}' are of a kind that is not read here", setting,
                $"pass --data with {set.Instead}");
            yield break;
        }
        string[] folders = Folders(ini, root, set.Name);
        string data = places.Data
            ?? Found([.. folders.Select(f => Path.Combine(f, set.File!))], "data", ReferenceKeys.Calibration, "Dataset_dir", ini, notes);
        string? labels = places.Labels
            ?? (places.Data is null && set.Labels is { } file ? Path.Combine(Path.GetDirectoryName(data)!, file) : null);
        int batch = ini.Whole(ReferenceKeys.Calibration, "Batch") ?? StandardBatch;
        yield return new("data", Relative(data, places));
        yield return new("samples", batch * (ini.Whole(ReferenceKeys.Calibration, "Calibrate_num") ?? 1))
        {
            Comment = ["Batch · Calibrate_num; 100 to 500 samples give better thresholds"],
        };
        int height = ini.Shape(ReferenceKeys.Main, "Input_shape")?.ElementAtOrDefault(2) ?? StandardHeight;
        foreach (var member in set.Preparation(height)) yield return member;
        int rounds = ini.Has(ReferenceKeys.Evaluation) ? ini.Whole(ReferenceKeys.Evaluation, "Iter_num") ?? 0 : 0;
        if (rounds == 0 || (labels is null && set.File is null)) yield break;
        yield return new("test", Relative(data, places)) { Comment = ["the reference tool evaluates on the data that calibrate"] };
        if (labels is not null) yield return new("labels", Relative(labels, places));
        yield return new("limit", rounds * (ini.Whole(ReferenceKeys.Evaluation, "Batch") ?? batch));
    }

    private static IEnumerable<RunMember> Settings(ConfigurationReader ini, DiagnosticBag notes)
    {
        if (ini.Number(ReferenceKeys.Calibration, "Lambda") is { } lambda)
        {
            string step = string.Create(CultureInfo.InvariantCulture, $"calibrate{{method=mean-std,lambda={lambda}}}@instead");
            yield return new("passes", $"{DefaultPipeline.Name},{step}");
        }
        if (ini.Whole(ReferenceKeys.Quantization, "Input_precision") is { } input) yield return new("inputPrecision", input);
        if (ini.Whole(ReferenceKeys.Quantization, "Output_precision") is { } output) yield return new("outputPrecision", output);
        if (ini.Find(ReferenceKeys.Quantization, "Restore_name") is { } restored)
        {
            string[] names = restored.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            if (names.FirstOrDefault(n => n.StartsWith('_')) is { } odd)
                notes.Warning(LibraryCodes.Untaken, $"Restore_name {odd}: kinds of operations have other names here", restored.Location,
                    "pass --restore op:nn.sigmoid or names of model.scheme.json");
            string[] plain = [.. names.Where(n => !n.StartsWith('_'))];
            if (plain.Length > 0)
                yield return new("restore", new JsonArray([.. plain.Select(n => (JsonNode)n)]))
                {
                    Comment = ["operations that stay in float: the result is for looking at, not for the chain"],
                };
        }
        if (ini.Has(ReferenceKeys.Compilation) && ini.Whole(ReferenceKeys.Compilation, "Batch") is > 1 and var batch)
            notes.Warning(LibraryCodes.Untaken, $"Batch {batch}: a model of the chain takes one sample",
                ini.Find(ReferenceKeys.Compilation, "Batch")!.Location);
    }

    private static string[] Folders(ConfigurationReader ini, string root, string name) =>
        ini.Text(ReferenceKeys.Calibration, "Dataset_dir") is { } said
            ? [Path.Combine(Placed(said, root), name), Placed(said, root)]
            : [Path.Combine(s_dataSets, name), Path.Combine(root, name), root];

    /// <summary>The first of several paths at which there is a file; where there is none, the first, and a warning.</summary>
    private static string Found(
        IReadOnlyList<string> paths, string what, string section, string key, ConfigurationReader ini, DiagnosticBag notes)
    {
        if (paths.FirstOrDefault(File.Exists) is { } there) return there;
        string elsewhere = paths.Count > 1 ? ", nor at the other usual places" : "";
        notes.Warning(LibraryCodes.Configuration, $"there is no {what} '{paths[0]}'{elsewhere}",
            ini.Find(section, key)?.Location ?? new(ini.Name), $"pass --{what} with its path, or change it in the run file");
        return paths[0];
    }

    /// <summary>A path of the configuration: ~ is the user's folder, others are relative to the configuration.</summary>
    private static string Placed(string path, string root) =>
        path == "~" || path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(UserFolder(), path.TrimStart('~').TrimStart('/'))
            : Path.Combine(root, path);

    private static string UserFolder(params string[] below) =>
        Path.Combine([Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), .. below]);

    /// <summary>Relative to the run file; what lies where the reference tool keeps things for all runs is told in full.</summary>
    private static string Relative(string path, ImportPlaces places) =>
        (s_roots.Any(root => path.StartsWith(root, StringComparison.Ordinal)) ? path : Path.GetRelativePath(places.Folder, path))
        .Replace(Path.DirectorySeparatorChar, '/');
}

using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CortexMl.Compiling;
using CortexMl.Cvm.Params;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Loading;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Golden;

/// <summary>
/// <c>//! compile</c>: the text of the lowered graph, in which a large constant stands as the digest of its elements, then a comment for
/// each fact about the model.
/// </summary>
internal static class GoldenCompile
{
    /// <summary>Files that <c>--snapshot=FOLDER</c> holds byte by byte.</summary>
    private static readonly string[] s_kept = ["symbol", "params", Compiler.CalibrationName];

    public static GoldenOutput Run(GoldenInput input, GoldenOptions options, IReadOnlyList<string> plugins, DiagnosticBag told)
    {
        var how = new CompileOptions
        {
            CalibrationFile = options.Text("calibration") is { } given ? Beside(given) : null,
            SchemeFile = options.Text("scheme") is { } scheme ? Beside(scheme) : null,
            RandomSamples = options.Number("random-data"),
            Data = Data("data", "samples"), Test = Data("test", "limit"),
            Preprocessing = Prepared(),
            Pipeline = options.Text("passes") is { } passes ? Pipeline.Parse(passes) : null, StopAfter = options.Text("stop-after"),
            InputPrecision = options.Number("input-precision"), OutputPrecision = options.Number("output-precision"),
            MinDecibels = options.Real("min-db"), GasBudget = options.Real("gas-budget"), Plugins = plugins,
            Restore = options.Has("restore") ? options.List("restore") : null,
        };
        var reading = new ModelOptions
        {
            Params = options.Text("params") is { } file ? Beside(file) : null, ShapeOfData = name => CalibrationHead.ShapeOf(name, how),
        };
        var model = options.Text("model") is { } path ? ModelLoader.Load(Beside(path), reading, told) : OfText(input);
        var result = Compiler.Compile(model, how, told);
        var files = result.Files.ToDictionary(file => file.Name, Bytes, StringComparer.Ordinal);
        var text = new StringBuilder();
        if (options.Shows("graph") && result.Report?.Restored is null)
            text.Append(TextPrinter.Print(result.Report is null ? result.Model.Graph : Lowered(files)));
        foreach (string line in Facts(result, files, options)) text.Append("// ").Append(line).Append('\n');
        return new(text.ToString(), [])
        {
            Snapshots = options.Text("snapshot") is { } folder
                ? [.. s_kept.Where(files.ContainsKey).Select(name => (Path.Combine(folder, name), files[name]))] : [],
        };

        string Beside(string file) => Path.Combine(input.Folder, file);

        DataOptions? Data(string name, string limit) => options.Text(name) is not { } data ? null : new DataOptions(Beside(data))
        {
            Preprocessing = Prepared(), Limit = options.Number(limit),
            Labels = name == "test" && options.Text("labels") is { } labels ? Beside(labels) : null,
        };

        Preprocessing Prepared() => Preprocessing.None with { Scale = options.Real("scale") };
    }

    private static Model OfText(GoldenInput input)
    {
        var graph = ModelLoader.LoadText(input.Text, GoldenCommands.InputName, input.Folder, new ModelOptions());
        return new Model(graph.Name, graph);
    }

    /// <summary>model.cml with the constants of params: large ones print as digests.</summary>
    private static Graph Lowered(IReadOnlyDictionary<string, byte[]> files)
    {
        string text = Encoding.UTF8.GetString(files[ModelText.FileName]);
        var graph = TextParser.ParseOne(text, ModelText.FileName, new ParseOptions { Resolver = new ParamsResolver(files["params"]) });
        return GraphCopy.Of(graph, constant => new ConstantData(constant.Tensor));
    }

    private sealed class ParamsResolver(byte[] bytes) : ITensorResolver
    {
        private readonly IReadOnlyDictionary<string, Tensor> _tensors = CvmParams.Read(bytes, "params");

        public Tensor? File(string path, string key) => _tensors.GetValueOrDefault(key);

        public Tensor? Digest(string sha256) => null;
    }

    private static IEnumerable<string> Facts(CompileResult result, IReadOnlyDictionary<string, byte[]> files, GoldenOptions options)
    {
        if (result.Report is not { } report) yield break;
        if (report.Restored is { } restored)
        {
            yield return $"in float {string.Join(", ", restored.Operations)} ({Counted.Of(restored.Islands, "island")})";
            foreach (var output in restored.Outputs)
                yield return $"output {output.Output} {Decibels(output.Integer)}, with them in float {Decibels(output.Restored)}";
        }
        bool isModel = report.Restored is null;
        if (isModel && options.Shows("digests"))
            foreach (string name in (string[])["symbol", "params"])
                yield return $"{name} {Counted.Of(files[name].Length, "byte")} sha256:"
                    + Convert.ToHexStringLower(SHA256.HashData(files[name]));
        if (isModel && options.Shows("gas")) yield return $"gas {Numbers.Format(report.Gas)}";
        if (isModel && options.Shows("storage")) yield return $"storage {Numbers.Format(report.Storage)}";
        if (options.Shows("bounds") && files.TryGetValue(Compiler.BoundsName, out byte[]? bounds))
            foreach (var value in JsonDocument.Parse(bounds).RootElement.GetProperty("values").EnumerateArray())
                yield return $"bounds {value.GetProperty("name")} {value.GetProperty("low")} … {value.GetProperty("high")}, "
                    + $"precision {value.GetProperty("bits")} of {value.GetProperty("precision")}";
        if (options.Shows("accuracy") && report.Accuracy is { } accuracy)
            yield return $"accuracy of {Counted.Of(accuracy.Count, "sample")}: "
                + string.Join(", ", accuracy.Results.Select(r => $"{r.Level} {Share(r.Top1)}"))
                + $", the same class {Share(accuracy.Agreement)}";
    }

    private static string Decibels(double? decibels) =>
        decibels is { } dB ? string.Create(CultureInfo.InvariantCulture, $"{dB:F1} dB") : "exact";

    private static string Share(double? share) =>
        share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known * 100:F2} %") : "unknown";

    private static byte[] Bytes(OutputFile file)
    {
        using var bytes = new MemoryStream();
        file.Write(bytes);
        return bytes.ToArray();
    }
}

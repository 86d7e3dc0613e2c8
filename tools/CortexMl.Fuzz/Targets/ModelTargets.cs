using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Frontends.Onnx;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Fuzz;

/// <summary>Models of other kinds: MXNet symbol and parameters, ONNX, and the text form.</summary>
internal static class ModelTargets
{
    private static readonly ImportOptions s_madeUp = new()
    {
        RandomParamsSeed = 1, MaxMemory = Target.Declared,
        InputShapes = new Dictionary<string, Shape>(StringComparer.Ordinal) { ["data"] = Shape.Of(1, 2, 8, 8) },
    };

    private static readonly ImportOptions s_fromFile = s_madeUp with { RandomParamsSeed = null };

    private static readonly ImportOptions s_ownShapes = new() { MaxMemory = Target.Declared };

    private static readonly ParseOptions s_parse = new() { MaxMemory = Target.Declared };

    public static IEnumerable<Target> All()
    {
        string folder = SeedFiles.Folder("tools", "CortexMl.Fuzz", "Seeds", "mxnet");
        byte[] symbol = File.ReadAllBytes(Path.Combine(folder, "small-symbol.json"));
        yield return new("mxnet-symbol", true, SeedFiles.Of(folder, ".json"),
            attempt => MxNetImporter.Import(SymbolReader.Read(attempt.Bytes, attempt.Seed.Name), null, s_madeUp));
        yield return new("mxnet-params", false, SeedFiles.Of(folder, ".params"),
            attempt =>
                MxNetImporter.Import(
                    SymbolReader.Read(symbol, "symbol"), MxNetParamsReader.Read(attempt.Bytes, attempt.Seed.Name), s_fromFile));
        yield return new("onnx", false, SeedFiles.Of(SeedFiles.Folder("tools", "CortexMl.Fuzz", "Seeds", "onnx"), ".onnx"),
            attempt => OnnxImporter.Import(attempt.File(), s_ownShapes));
        yield return new("cml", true,
            [.. SeedFiles.Of(SeedFiles.Folder("grammar", "examples"), ".cml"),
            .. SeedFiles.Of(SeedFiles.Folder("tools", "CortexMl.Fuzz", "Seeds", "cml"), ".cml")], Text);
    }

    private static void Text(Attempt attempt)
    {
        foreach (var graph in TextParser.Parse(attempt.Text, attempt.Seed.Name, s_parse))
        {
            string printed = TextPrinter.Print(graph);
            if (!printed.Contains("file(", StringComparison.Ordinal)
                && TextPrinter.Print(TextParser.ParseOne(printed, options: s_parse)) != printed)
                throw new InvalidOperationException("printing what was printed gives another text");
        }
    }
}

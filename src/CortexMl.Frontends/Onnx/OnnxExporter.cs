using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Export;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;

namespace CortexMl.Frontends.Onnx;

/// <summary>Writes graphs of the float level as ONNX, opset 17; every row becomes standard operators.</summary>
public static class OnnxExporter
{
    /// <summary>A protobuf message cannot be larger than this; 1 MiB is left for everything but the constants.</summary>
    private const long MaxConstantBytes = int.MaxValue - (1 << 20);

    /// <param name="observed">Values that become outputs of the model besides the graph's own; inputs, constants and results alike.</param>
    /// <exception cref="DiagnosticException">
    /// CML0250: no float graph, or rows without an ONNX form (all of them); CML0106: over 2 GB of constants.
    /// </exception>
    public static OnnxModel Export(Graph graph, IReadOnlyList<Value>? observed = null)
    {
        Check(graph);
        var writer = new OnnxGraphWriter(graph);
        string[] inputs = [.. graph.Inputs.Select(writer.NameOf)];
        foreach (var (k, input) in graph.Inputs.Index())
            if (InputSignature.CenteringOf(graph, k) is { } centering) writer.Center(input, centering);
        foreach (var operation in graph.Operations)
        {
            if (operation.Constant is null) OnnxRows.All[operation.Spec](new OnnxRow(writer, operation));
        }
        string[] outputs = [.. graph.Outputs.Zip(OutputSignature.Names(graph), writer.Return)];
        string[] seen = [.. (observed ?? []).Select(writer.Observe)];
        return new OnnxModel(writer.ToBytes(graph), inputs, outputs, seen);
    }

    public static bool Supports(OpSpec row) => OnnxRows.All.ContainsKey(row);

    private static void Check(Graph graph)
    {
        if (graph.Level != Level.Float)
        {
            throw new DiagnosticException(OnnxCodes.NotExportable,
                $"graph '{graph.Name}' is at level {LevelNames.Of(graph.Level)}; ONNX can only be written at the float level",
                hint: "export the model before quantization, for example with --stop-after");
        }
        var problems = new DiagnosticBag();
        foreach (var rows in graph.Operations.Where(o => o.Constant is null && !Supports(o.Spec))
            .GroupBy(o => o.Spec.Name, StringComparer.Ordinal))
            problems.Error(OnnxCodes.NotExportable,
                string.Create(CultureInfo.InvariantCulture, $"{rows.Key} has no ONNX form ({Counted.Of(rows.Count(), "operation")})"),
                rows.First().Location);
        problems.ThrowIfErrors();
        long bytes = graph.Constants.Sum(o => (long)o.Constant!.Tensor.Bytes.Length);
        if (bytes > MaxConstantBytes)
        {
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                $"the constants of graph '{graph.Name}' take {Counted.Of(bytes, "byte")}; "
                + string.Create(CultureInfo.InvariantCulture, $"one ONNX file holds at most {MaxConstantBytes}"));
        }
    }
}

/// <summary>An exported network.</summary>
/// <param name="Bytes">The file: a serialised ModelProto, the same for the same graph.</param>
/// <param name="Inputs">Its input names, in the order of the graph's inputs.</param>
/// <param name="Outputs">Names of the graph's outputs, in order.</param>
/// <param name="Observed">Names of the observed values, in the order in which they were asked for; a name may stand in both lists.</param>
public sealed record OnnxModel(byte[] Bytes, IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<string> Observed);

using System.Globalization;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ops;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>
/// Writes integer graphs as ONNX, opset 17, so that any runtime computes what the CVM computes, bit for bit: tensors of int32, bytes where
/// the ranges of the values allow it, int64 on the way where 32 bits could overflow. There is no floating point in the file.
/// </summary>
public sealed class ExactExporter : IExactOnnx
{
    /// <summary>A protobuf message cannot be larger than this; 1 MiB is left for everything but the constants.</summary>
    private const long MaxConstantBytes = int.MaxValue - (1 << 20);

    /// <summary>For the list of engines.</summary>
    public static ExactExporter Instance { get; } = new();

    /// <inheritdoc/>
    /// <exception cref="DiagnosticException">
    /// CML0250: no integer graph; CML0256: operations without an exact form, all of them; CML0106: over 2 GB of constants.
    /// </exception>
    public ExactModel Write(Graph graph, IReadOnlyList<Value> observed) => Export(graph, observed);

    /// <inheritdoc cref="Write"/>
    public static ExactModel Export(Graph graph, IReadOnlyList<Value>? observed = null)
    {
        Check(graph);
        var writer = new ExactWriter(graph);
        foreach (var operation in graph.Operations)
        {
            if (operation.Constant is null) ExactForms.All[operation.Spec].Write(new ExactRow(writer, operation));
        }
        string[] outputs = [.. graph.Outputs.Zip(OutputSignature.Names(graph), writer.Return)];
        string[] seen = [.. (observed ?? []).Select(writer.Observe)];
        return new ExactModel(writer.ToBytes(graph), writer.Inputs, outputs, seen);
    }

    /// <summary>Whether operations of the row can be written, those whose numbers are not out of bounds.</summary>
    public static bool Supports(OpSpec row) => ExactForms.All.ContainsKey(row);

    /// <summary>The rows that can be written, in the order of the table, with the operators of ONNX that each becomes.</summary>
    public static IReadOnlyList<(OpSpec Row, string Form)> Forms { get; } =
        [.. OpTable.Rows.Where(Supports).Select(row => (row, ExactForms.All[row].Doc))];

    private static void Check(Graph graph)
    {
        if (graph.Level != Level.Cvm)
            throw new DiagnosticException(OnnxCodes.NotExportable,
                $"graph '{graph.Name}' is at level {LevelNames.Of(graph.Level)}; exact integers are written of compiled networks",
                hint: "compile it first; --format onnx writes the float level");
        var ranges = Intervals.Of(graph);
        var problems = new DiagnosticBag();
        foreach (var group in graph.Operations.Where(o => o.Constant is null)
            .Select(operation => (Operation: operation, Why: WhyNot(operation, ranges))).Where(found => found.Why is not null)
            .GroupBy(found => $"{found.Operation.Spec.Name} has no exact form: {found.Why}", StringComparer.Ordinal))
            problems.Error(OnnxCodes.NotExact,
                string.Create(CultureInfo.InvariantCulture, $"{group.Key} ({Counted.Of(group.Count(), "operation")})"),
                group.First().Operation.Location);
        problems.ThrowIfErrors();
        long bytes = graph.Constants.Sum(o => sizeof(int) * o.Constant!.Shape.Count);
        if (bytes > MaxConstantBytes)
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                $"the constants of graph '{graph.Name}' take up to {Counted.Of(bytes, "byte")}; "
                + string.Create(CultureInfo.InvariantCulture, $"one ONNX file holds at most {MaxConstantBytes}"));
    }

    private static string? WhyNot(Operation operation, Intervals ranges) =>
        !ExactForms.All.TryGetValue(operation.Spec, out var form) ? "ONNX has no operators that compute it"
            : form.WhyNot?.Invoke(operation, ranges);
}

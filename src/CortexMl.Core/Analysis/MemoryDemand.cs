using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Analysis;

/// <summary>
/// What the numbers of a graph take in memory, before any is there. An element takes four bytes at the float level and in every engine
/// but a few.
/// </summary>
/// <param name="Constants">Bytes of all constants.</param>
/// <param name="Values">Bytes of all other values together: while a calibration runs, all are there at once.</param>
/// <param name="Live">Bytes of the values that are needed at the same time, where each goes after its last use.</param>
/// <param name="Statistics">Bytes of what a calibration counts: a histogram for each value that is no constant.</param>
/// <param name="Unfit">The first value that cannot be one tensor; null where all can.</param>
public sealed record MemoryDemand(Int128 Constants, Int128 Values, Int128 Live, Int128 Statistics = default, UnfitValue? Unfit = null)
{
    /// <summary>Of one value's histogram: 4096 counts of 64 bits.</summary>
    public const int HistogramBytes = 4096 * sizeof(long);

    private const int ElementBytes = 4;

    public static MemoryDemand Of(Graph graph) => graph.Analysis(static g => Measure(g));

    /// <summary>For running the graph once.</summary>
    /// <exception cref="DiagnosticException">CML0106.</exception>
    public void CheckRunning(long limit, string name) => Check(RunningBytes, limit, $"running '{name}'", Unfit);

    /// <summary>For calibrating and compiling: all values at once with their histograms, the constants as floats and as integers.</summary>
    /// <exception cref="DiagnosticException">CML0106.</exception>
    public void CheckCompiling(long limit, string name) =>
        // What is beyond the CVM is told by the passes, with the operator that makes it.
        Check(CompilingBytes, limit, $"calibrating and compiling '{name}'", Unfit is { } value && IsWithinCvm(value.Shape) ? value : null);

    /// <summary>Bytes for running the graph once.</summary>
    public Int128 RunningBytes => Constants + Live;

    /// <summary>Bytes for calibrating and compiling.</summary>
    public Int128 CompilingBytes => 2 * Constants + Values + Statistics;

    private static void Check(Int128 wanted, long limit, string what, UnfitValue? unfit)
    {
        if (wanted <= limit)
        {
            if (unfit is null) return;
            string refusal = TensorMemory.Refusal(unfit.Name, unfit.Shape, ElementBytes)!;
            throw new DiagnosticException(DiagnosticCodes.TooLarge, refusal, unfit.Location,
                "give the network's input a smaller shape with --input");
        }
        throw new DiagnosticException(DiagnosticCodes.TooLarge,
            string.Create(CultureInfo.InvariantCulture,
                $"{what} takes about {Counted.Grouped(wanted, "byte")}; {Counted.Grouped(limit, "is", "are")} allowed"),
            hint: "give the network's input a smaller shape with --input, or allow more with --max-memory 32GB");
    }

    private static MemoryDemand Measure(Graph graph)
    {
        Int128 constants = 0, values = 0, live = 0, most = 0, statistics = (Int128)HistogramBytes * graph.Inputs.Count;
        var last = new Dictionary<Value, int>();
        for (int i = 0; i < graph.Operations.Count; i++)
            foreach (var operand in graph.Operations[i].Operands) last[operand] = i;
        foreach (var output in graph.Outputs) last[output] = graph.Operations.Count;
        foreach (var input in graph.Inputs) live += Bytes(input);
        values = most = live;
        for (int i = 0; i < graph.Operations.Count; i++)
        {
            var operation = graph.Operations[i];
            if (operation.Constant is not null)
            {
                constants += Bytes(operation.Result);
                continue;
            }
            foreach (var result in operation.Results)
            {
                values += Bytes(result);
                statistics += HistogramBytes;
                live += Bytes(result);
            }
            most = Int128.Max(most, live);
            foreach (var gone in operation.Operands.Where(o => !o.IsConstant && last[o] == i).Distinct()
                .Concat(operation.Results.Where(r => !last.ContainsKey(r))))
                live -= Bytes(gone);
        }
        return new(constants, values, most, statistics, Unfitting(graph));
    }

    private static UnfitValue? Unfitting(Graph graph)
    {
        var found = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).FirstOrDefault(v => Bytes(v) > TensorMemory.MostBytes);
        if (found is null) return null;
        string name = $"{(found.IsConstant ? "constant '@" : "value '%")}{Names.Of(graph)[found]}'";
        return new($"{name} {found.Type.Element}{found.Type.Shape}", found.Type.Shape, found.Producer?.Location);
    }

    private static bool IsWithinCvm(Shape shape) =>
        shape.All(dim => dim <= CvmRules.MaxDimension) && TensorMemory.Bytes(shape, 1) <= CvmRules.MaxElements;

    private static Int128 Bytes(Value value) => TensorMemory.Bytes(value.Type.Shape, ElementBytes);
}

/// <summary>A value that is too large for one tensor: see <see cref="TensorMemory.MostBytes"/>.</summary>
/// <param name="Name">As a message calls it: <c>value '%0' f32[30000, 30000]</c>.</param>
public sealed record UnfitValue(string Name, Shape Shape, SourceLocation? Location);

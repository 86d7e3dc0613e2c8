using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Analysis;

/// <summary>What the numbers of a graph take in memory, before any is there. An element takes four bytes at the float level and in every engine but a few.</summary>
/// <param name="Constants">Bytes of all constants.</param>
/// <param name="Values">Bytes of all other values together: while a calibration runs, all are there at once.</param>
/// <param name="Live">Bytes of the values that are needed at the same time, where each goes after its last use.</param>
public sealed record MemoryDemand(Int128 Constants, Int128 Values, Int128 Live)
{
    private const int ElementBytes = 4;

    public static MemoryDemand Of(Graph graph) => graph.Analysis(static g => Measure(g));

    /// <summary>For running the graph once.</summary>
    /// <exception cref="DiagnosticException">CML0106.</exception>
    public void CheckRunning(long limit, string name) => Check(Constants + Live, limit, $"running '{name}'");

    /// <summary>For calibrating and compiling: all values at once, the constants as floats and as integers.</summary>
    /// <exception cref="DiagnosticException">CML0106.</exception>
    public void CheckCompiling(long limit, string name) => Check(2 * Constants + Values, limit, $"calibrating and compiling '{name}'");

    private static void Check(Int128 wanted, long limit, string what)
    {
        if (wanted <= limit) return;
        throw new DiagnosticException(DiagnosticCodes.TooLarge,
            string.Create(CultureInfo.InvariantCulture,
                $"{what} takes about {Counted.Grouped(wanted, "byte")}; {Counted.Grouped(limit, "is", "are")} allowed"),
            hint: "give the network's input a smaller shape with --input, or allow more with --max-memory 32GB");
    }

    private static MemoryDemand Measure(Graph graph)
    {
        Int128 constants = 0, values = 0, live = 0, most = 0;
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
                live += Bytes(result);
            }
            most = Int128.Max(most, live);
            foreach (var gone in operation.Operands.Where(o => !o.IsConstant && last[o] == i).Distinct().Concat(operation.Results.Where(r => !last.ContainsKey(r))))
                live -= Bytes(gone);
        }
        return new(constants, values, most);
    }

    private static Int128 Bytes(Value value) => (Int128)ElementBytes * value.Type.Shape.Aggregate((Int128)1, (count, dim) => count * dim);
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Analysis;

/// <summary>
/// Float values that a suppression chose: which boxes stand in them, and in which order, depends on small differences of scores. Number by
/// number they cannot be compared with those of other integers; what the suppression chose from can.
/// </summary>
public static class ChosenRows
{
    /// <summary>Values that are looked at; a suppression stands at the end of a network.</summary>
    private const int Furthest = 256;

    /// <summary>Whether a value depends on what a suppression kept.</summary>
    public static bool Holds(Value value) => Suppression(value) is not null;

    /// <summary>The outputs, boxes and scores that a suppression chose from in place of what it chose; each once, in order.</summary>
    public static IReadOnlyList<Value> Judged(Graph graph) =>
        [.. graph.Outputs.SelectMany(o => Suppression(o) is { } from ? [from["boxes"], from["scores"]] : new[] { o }).Distinct()];

    /// <summary>The suppression that is nearest; null where there is none.</summary>
    private static Operation? Suppression(Value value)
    {
        var open = new Queue<Value>([value]);
        var seen = new HashSet<Value>();
        while (seen.Count < Furthest && open.TryDequeue(out var next))
        {
            if (!seen.Add(next) || next.Producer is not { } op) continue;
            if (op.Spec == NnDetection.NonMaxSuppression) return op;
            foreach (var operand in op.Operands) open.Enqueue(operand);
        }
        return null;
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Shapes;

/// <summary>
/// An input that says which rows of a table are picked, as the words of a text do: whole numbers, of which none may be rounded, whatever
/// else reads them. What of them calibration saw says nothing about others: the table does.
/// </summary>
internal static class IndexInput
{
    /// <summary>Rows of the largest table that an input picks from, moved on the way or not; null for an input that is no index.</summary>
    public static int? Rows(Value value)
    {
        if (!value.IsInput) return null;
        int? most = null;
        var (seen, open) = (new HashSet<Value> { value }, new Stack<Value>([value]));
        while (open.TryPop(out var next))
            foreach (var use in next.Uses)
            {
                if (use.User is not { } user) continue;
                if (user.Spec == NnLookup.Take && use.Index == 1) most = Math.Max(most ?? 0, TakeLowering.Rows(user));
                else if (user.Spec.Is(OpTraits.Moves) && user.Operands.Count == 1 && seen.Add(user.Result)) open.Push(user.Result);
            }
        return most;
    }

    /// <summary>The same of what is an input moved, or an input itself.</summary>
    public static int? RowsBehind(Value value)
    {
        while (value.Producer is { Operands: [var moved] } producer && producer.Spec.Is(OpTraits.Moves)) value = moved;
        return Rows(value);
    }
}

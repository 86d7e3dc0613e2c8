using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Pointwise;

//  nn.floor(%x), %x within 63.9 as i10: at 8 a whole number is an integer, at 8 · 511/511.2 it is a little less than itself
/// <summary>
/// Whole parts: a whole number that is a little too small after rounding would have that of the one below it. So what is read for its
/// whole part has a power of two for its scale, and an input with places or labels beside other numbers more bits.
/// </summary>
internal static class WholeParts
{
    private static readonly HashSet<OpSpec> s_rows = [NnUnary.Floor, NnUnary.Ceil];

    /// <summary>What keeps whole numbers whole.</summary>
    private static readonly HashSet<OpSpec> s_keeping = [NnUnary.Relu, NnUnary.Neg, NnUnary.Abs];

    /// <summary>Whether an operation takes the whole part of what it reads.</summary>
    public static bool AreOf(Operation op) => s_rows.Contains(op.Spec);

    /// <summary>Whether the whole part of an input, or of some of its elements, is read.</summary>
    public static bool AreReadOf(Value input)
    {
        var (seen, open) = (new HashSet<Value> { input }, new Stack<Value>([input]));
        while (open.TryPop(out var next))
            foreach (var use in next.Uses)
            {
                if (use.User is not { } user) continue;
                if (AreOf(user)) return true;
                bool keeps = user.Operands.Count == 1 && (user.Spec.Is(OpTraits.Moves) || s_keeping.Contains(user.Spec));
                if (keeps && seen.Add(user.Result)) open.Push(user.Result);
            }
        return false;
    }

    /// <summary>The demand with the next smaller scale at which whole numbers are integers; as it is where that is none.</summary>
    public static Demand Demand(Demand demand) =>
        demand.Scale >= 1 ? new(demand.Precision, Math.ScaleB(1, Math.ILogB(demand.Scale))) : demand;
}

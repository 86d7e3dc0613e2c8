using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>Values that are 1 or 0 throughout, whatever the data.</summary>
internal static class Truths
{
    /// <summary>Nobody nests logic deeper.</summary>
    private const int Deepest = 16;

    /// <summary>Whether a value is one: a comparison, a constant of 1 and 0, and what logic makes of them.</summary>
    public static bool IsTruth(this Value value) => Of(value, 0);

    private static bool Of(Value value, int depth)
    {
        if (value.Floats() is { } numbers) return numbers.All(v => v is 0 or 1);
        if (depth > Deepest || value.Producer is not { } op) return false;
        if (op.Spec == NnBinary.Greater) return true;
        if (op.Spec == NnBinary.Sub) return op["a"].Splat() == 1 && Of(op["b"], depth + 1);
        // 1 - x in the form that canonicalize gives it.
        if (op.Spec == NnBinary.Add)
            return op["b"].Splat() == 1 && op["a"].Producer is { } turned && turned.Spec == NnUnary.Neg && Of(turned["data"], depth + 1);
        return (op.Spec == NnBinary.Mul || op.Spec == NnBinary.Max || op.Spec.Is(OpTraits.Moves))
            && op.Operands.All(o => Of(o, depth + 1));
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Centering;

/// <summary>How far below zero a value goes whatever the data, as its operations have it; functions of one number by their minimum.</summary>
internal static class LowestValue
{
    /// <summary>Operations that are looked through, one behind the other and in all.</summary>
    private const int Furthest = 16, Most = 64;

    /// <summary>Least values of x · sigmoid(x), of gelu by either formula, of mish, of hard_swish and of selu, next number above.</summary>
    private const double Swish = 0.2784646, Gelu = 0.1700408, Mish = 0.3088430, HardSwish = 0.375, Selu = 1.7580994;

    /// <returns>0 where it is never negative; null where it may be as far below as above, for all that is known.</returns>
    public static double? Depth(Value value)
    {
        int left = Most;
        return Depth(value, Furthest, ref left);
    }

    private static double? Depth(Value value, int further, ref int left)
    {
        if (value.Constant is { } constant) return Depth(constant.Floats);
        if (value.Producer is not { } op) return null;
        if (Of(op) is { } own) return own;
        if (further == 0 || left == 0) return null;
        left--;
        if (op.Spec != NnShape.Concat) return HandsOn(op) ? Depth(op.Operands[0], further - 1, ref left) : null;
        double most = 0;
        foreach (var part in op.Operands)
        {
            if (Depth(part, further - 1, ref left) is not { } depth) return null;
            most = Math.Max(most, depth);
        }
        return most;
    }

    private static double Depth(ReadOnlySpan<float> numbers)
    {
        double least = 0;
        foreach (float number in numbers) least = Math.Min(least, number);
        return -least;
    }

    private static double? Of(Operation op)
    {
        if (op.Spec.Is(OpTraits.NeverNegative)) return 0;
        if (op.Spec == NnUnary.Clip) return Math.Max(0, -op.Float("min"));
        if (op.Spec == NnUnary.Swish) return op.Float("beta") is > 0 and var beta ? Swish / beta : null;
        if (op.Spec == NnUnary.Elu) return Math.Max(0, op.Float("alpha"));
        return op.Spec == NnUnary.Gelu ? Gelu : op.Spec == NnUnary.Mish ? Mish : op.Spec == NnUnary.HardSwish ? HardSwish
            : op.Spec == NnUnary.Selu ? Selu : null;
    }

    private static bool HandsOn(Operation op) =>
        op.Spec == NnPool.MaxPool2D || op.Spec == NnPool.AvgPool2D || op.Spec == NnPool.GlobalAvgPool || (op.Spec.Is(OpTraits.Moves) && op.Operands.Count == 1);
}

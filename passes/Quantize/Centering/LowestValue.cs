using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Centering;

/// <summary>How far below zero a value goes whatever the data, as its operations have it; functions by their minimum.</summary>
internal static class LowestValue
{
    /// <summary>Operations that are looked through, one behind the other and in all.</summary>
    private const int Furthest = 16, Most = 64;

    /// <summary>A function is looked at from -range to range, so many places each 1, and far out.</summary>
    private const int Range = 32, Places = 64;

    /// <summary>As far as constants go (finite-constants).</summary>
    private const double Far = 1.2676506002282294e30;

    /// <summary>Beyond the least number found, which lies up to half a place beside the least there is.</summary>
    private const double Beside = 1.001;

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
        if (op.Spec == NnShape.Concat) return OfParts(op, further - 1, ref left);
        return HandsOn(op) ? Depth(op.Operands[0], further - 1, ref left) : null;
    }

    private static double? OfParts(Operation op, int further, ref int left)
    {
        double most = 0;
        foreach (var part in op.Operands)
        {
            if (Depth(part, further, ref left) is not { } depth) return null;
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
        if (HandsOn(op) || !UnaryFunctions.All.TryGetValue(op.Spec, out var function)) return null;
        var f = function(op);
        double least = 0;
        for (int i = -Range * Places; i <= Range * Places; i++)
        {
            double y = f((double)i / Places);
            if (!double.IsFinite(y)) return null;
            least = Math.Min(least, y);
        }
        return Math.Min(f(-Far), f(Far)) >= least * Beside ? -least * Beside : null;
    }

    private static bool HandsOn(Operation op) => op.Spec == NnUnary.Identity || op.Spec == NnPool.MaxPool2D || op.Spec == NnPool.AvgPool2D
        || op.Spec == NnPool.GlobalAvgPool || (op.Spec.Is(OpTraits.Moves) && op.Operands.Count == 1);
}

using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Ops.Ranges;

/// <summary>Rounding shifts, and the abstract requantization before it is lowered to one.</summary>
public static class RequantizeIntervals
{
    /// <summary>((x >> (b-1)) + 1) >> 1, clamped to the precision; both reference devices agree on it within the portable rules.</summary>
    internal static ValueRange RightShift(Operation operation, IRanges ranges)
    {
        int shift = (int)operation.Int("shift_bit");
        var rounded = ranges[operation.Operands[0]].Map(x => Rounded(x, shift));
        return ArithmeticIntervals.Clamped(rounded, ArithmeticIntervals.Precision(operation));
    }

    internal static ValueRange Requantize(Operation operation, IRanges ranges)
    {
        int precision = ArithmeticIntervals.Precision(operation);
        Value data = operation.Operands[0];
        if (operation.Operand("multiplier") is not { } multiplier)
            return ValueRange.Uniform(Interval.Symmetric(Precisions.Bound(precision)));
        int shift = (int)operation.Int("shift");
        var product = ValueRange.Broadcast(
            ranges[data], data.Type.Shape, ranges[multiplier], multiplier.Type.Shape, data.Type.Shape, (x, m) => x * m);
        return ArithmeticIntervals.Clamped(product.Map(x => x.Monotone(v => Rounded(v, shift))), precision);
    }

    /// <summary>With a shift of 1 the rounding of INT_MAX wraps in the runtime (CortexMl.Cvm/SPECIFICATION.md §11).</summary>
    private static Interval Rounded(Interval x, int shift)
    {
        var rounded = x.Monotone(v => Rounded(v, shift));
        return shift == 1 && x.Hi == int.MaxValue ? rounded.Hull(Interval.Of(int.MinValue >> 1)) : rounded;
    }

    /// <summary>v · 2^-shift, rounded half up.</summary>
    public static long Rounded(long v, int shift) => shift == 0 ? v : ((v >> (shift - 1)) + 1) >> 1;
}

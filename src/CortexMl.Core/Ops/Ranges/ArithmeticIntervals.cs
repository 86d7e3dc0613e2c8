using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Ops.Ranges;

/// <summary>What is computed element by element.</summary>
internal static class ArithmeticIntervals
{
    public static RangeRule Unary(Func<Interval, Interval> f) => (operation, ranges) => ranges[operation.Operands[0]].Map(f);

    public static RangeRule Binary(Func<Interval, Interval, Interval> f) => (operation, ranges) =>
    {
        Value a = operation.Operands[0], b = operation.Operands[1];
        return ValueRange.Broadcast(ranges[a], a.Type.Shape, ranges[b], b.Type.Shape, operation.Result.Type.Shape, f);
    };

    /// <summary>Binary digits of magnitudes, at least 1.</summary>
    public static ValueRange Digits(Operation operation, IRanges ranges) =>
        ranges[operation.Operands[0]].Map(x => x.Abs().Monotone(magnitude => Math.Max(1, Precisions.Bits(magnitude))));

    public static ValueRange Clip(Operation operation, IRanges ranges) =>
        ranges[operation.Operands[0]].Map(x => x.Clamp(operation.Int("a_min"), operation.Int("a_max")));

    public static ValueRange ClipToPrecision(Operation operation, IRanges ranges) =>
        Clamped(ranges[operation.Operands[0]], Precision(operation));

    /// <summary>All that the precision in the attribute of that name holds.</summary>
    public static ValueRange WholePrecision(Operation operation, IRanges ranges) =>
        ValueRange.Uniform(Interval.Symmetric(Precisions.Bound(Precision(operation))));

    public static ValueRange Clamped(ValueRange range, int precision)
    {
        long bound = Precisions.Bound(precision);
        return range.Map(x => x.Clamp(-bound, bound));
    }

    public static int Precision(Operation operation) => (int)operation.Int("precision");

    /// <summary>
    /// x / y truncated toward zero, x / 0 = 0: never further from zero than x, nor of larger magnitude than |x| / min |y|.
    /// </summary>
    public static Interval Quotient(Interval x, Interval y)
    {
        long least = y.Lo > 0 ? y.Lo : y.Hi < 0 ? -y.Hi : 1;
        long bound = x.Magnitude / least;
        bool mayFlip = y.Lo < 0;
        return new Interval(mayFlip || x.Lo < 0 ? -bound : 0, mayFlip || x.Hi > 0 ? bound : 0);
    }
}

using CortexMl.Ir;
using CortexMl.Ir.Ranges;

namespace CortexMl.Ops.Ranges;

/// <summary>
/// The range of a constant: per index where only one dimension is larger than 1 (bias, multiplier), else of the whole tensor.
/// </summary>
internal static class ConstantRange
{
    public static ValueRange Of(ConstantData constant)
    {
        var shape = constant.Shape;
        if (shape.Count == 0) return ValueRange.Uniform(Interval.Of(0));
        int[] wide = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] > 1)];
        return wide is [var axis] && shape[axis] <= ValueRange.MaxParts
            ? ValueRange.Along(axis, constant.Integers.ToArray().Select(v => Interval.Of(v)))
            : ValueRange.Uniform(new Interval(constant.Range.Least, constant.Range.Greatest));
    }

    public static Interval Hull(ReadOnlySpan<int> data)
    {
        var found = Extremes.Of(data);
        return new Interval(found.Least, found.Greatest);
    }
}

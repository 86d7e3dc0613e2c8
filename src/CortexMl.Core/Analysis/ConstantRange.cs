using CortexMl.Ir;

namespace CortexMl.Analysis;

/// <summary>The range of a constant: per index where only one dimension is larger than 1 (bias, multiplier), else of the whole tensor.</summary>
internal static class ConstantRange
{
    public static ValueRange Of(ConstantData constant)
    {
        var data = constant.Integers;
        var shape = constant.Tensor.Shape;
        if (data.IsEmpty) return ValueRange.Uniform(Interval.Of(0));
        int[] wide = [.. Enumerable.Range(0, shape.Rank).Where(axis => shape[axis] > 1)];
        return wide is [var axis] && shape[axis] <= ValueRange.MaxParts
            ? ValueRange.Along(axis, data.ToArray().Select(v => Interval.Of(v)))
            : ValueRange.Uniform(new Interval(constant.Range.Least, constant.Range.Greatest));
    }

    public static Interval Hull(ReadOnlySpan<int> data)
    {
        var found = Extremes.Of(data);
        return new Interval(found.Least, found.Greatest);
    }
}

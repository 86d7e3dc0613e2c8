using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Cvm;

namespace CortexMl.Ops.Ranges;

/// <summary>Sum and max over axes.</summary>
internal static class ReduceIntervals
{
    public static ValueRange Sum(Operation operation, IRanges ranges)
    {
        long terms = operation.Operands[0].Type.Shape.Count / Math.Max(1, operation.Result.Type.Shape.Count);
        return Kept(operation, ranges[operation.Operands[0]]).Map(x => x.Times(terms));
    }

    /// <summary>
    /// Over the empty axis list the runtime starts from 0, so 0 is always a candidate there; not with exclude, which lists all axes.
    /// </summary>
    public static ValueRange Max(Operation operation, IRanges ranges)
    {
        var range = Kept(operation, ranges[operation.Operands[0]]);
        return operation.Ints("axis").IsEmpty && !operation.Bool("exclude") ? range.Map(x => x.Max(Interval.Of(0))) : range;
    }

    /// <summary>The range along its axis where that axis is not reduced, else merged.</summary>
    private static ValueRange Kept(Operation operation, ValueRange range)
    {
        if (range.Axis is not { } axis) return range;
        var reduced = CvmReduce.Axes(operation);
        if (reduced.Contains(axis)) return ValueRange.Uniform(range.All);
        return operation.Bool("keepdims") ? range : range.WithAxis(axis - reduced.Count(r => r < axis));
    }
}

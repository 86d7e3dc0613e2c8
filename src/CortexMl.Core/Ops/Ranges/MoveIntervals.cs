using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Tensors;

namespace CortexMl.Ops.Ranges;

/// <summary>Operators that only move elements: the hull always holds; along an axis where the axis survives.</summary>
internal static class MoveIntervals
{
    public static ValueRange Merged(Operation operation, IRanges ranges) => ValueRange.Uniform(ranges[operation.Operands[0]].All);

    public static ValueRange Reshape(Operation operation, IRanges ranges) =>
        Reshaped(ranges[operation.Operands[0]], operation.Operands[0].Type.Shape, operation.Result.Type.Shape);

    public static ValueRange Transpose(Operation operation, IRanges ranges)
    {
        var range = ranges[operation.Operands[0]];
        if (range.Axis is not { } axis) return range;
        int rank = operation.Result.Type.Shape.Rank;
        var axes = operation.Ints("axes");
        for (int to = 0; to < rank; to++)
        {
            int from = axes.IsEmpty ? rank - 1 - to : operation.Result.Type.Shape.Axis(axes[to]);
            if (from == axis) return range.WithAxis(to);
        }
        return ValueRange.Uniform(range.All);
    }

    public static ValueRange Concatenate(Operation operation, IRanges ranges)
    {
        var shape = operation.Result.Type.Shape;
        int along = shape.Axis(operation.Int("axis"));
        var parts = operation.Operands.Select(o => ranges[o]).Distinct().ToList();
        bool isKnownByPart = shape.Rank > 1 && shape[1] <= ValueRange.MaxParts
            && (along == 1 || (parts.Exists(p => p.Axis is 1) && parts.TrueForAll(p => p.Axis is null or 1)));
        if (!isKnownByPart) return ValueRange.Uniform(parts.Select(p => p.All).Aggregate((a, b) => a.Hull(b)));
        return ValueRange.Along(1, along == 1
            ? operation.Operands.SelectMany(o => Enumerable.Range(0, o.Type.Shape[1]).Select(i => ranges[o].At(1, i)))
            : Enumerable.Range(0, shape[1]).Select(i => parts.Select(p => p.At(1, i)).Aggregate((a, b) => a.Hull(b))));
    }

    /// <summary>
    /// Windows of [N, C, H, W]: rows and columns of the result are others than those of the data, images and channels the same.
    /// </summary>
    public static ValueRange Windowed(Operation operation, IRanges ranges)
    {
        var data = ranges[operation.Operands[0]];
        return data.Axis is 2 or 3 ? ValueRange.Uniform(data.All) : data;
    }

    /// <summary>Keeps the parts when the axis is untouched; a slice of the axis itself merges them.</summary>
    public static ValueRange Slice(Operation operation, IRanges ranges)
    {
        var range = ranges[operation.Operands[0]];
        return range.Axis is { } axis && operation.Operands[0].Type.Shape[axis] == operation.Result.Type.Shape[axis]
            && StridesForward(operation, axis)
            ? range : ValueRange.Uniform(range.All);
    }

    /// <summary>The axis survives a reshape where the product of the dimensions before it and its own dimension are the same.</summary>
    public static ValueRange Reshaped(ValueRange range, Shape from, Shape to)
    {
        if (range.Axis is not { } axis) return range;
        long before = from.Take(axis).Aggregate(1L, (p, d) => p * d), product = 1;
        for (int i = 0; i < to.Rank; i++)
        {
            if (product == before && to[i] == from[axis]) return range.WithAxis(i);
            product *= to[i];
        }
        return ValueRange.Uniform(range.All);
    }

    private static bool StridesForward(Operation operation, int axis)
    {
        var strides = operation.Ints("stride");
        return axis >= strides.Length || strides[axis] > 0;
    }
}

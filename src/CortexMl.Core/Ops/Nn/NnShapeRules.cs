using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops.Nn;

/// <summary>Result shapes of <see cref="NnShape"/>.</summary>
internal static class NnShapeRules
{
    public static IReadOnlyList<Shape> Flatten(IOperation op)
    {
        var data = op.Shape(0);
        if (data.Rank == 0) throw op.Logic("a scalar cannot be flattened", "expected [N, …]");
        return [NnRule.Make(op, data[0], NnRule.Product(data.Dims[1..]))];
    }

    public static IReadOnlyList<Shape> Reshape(IOperation op)
    {
        var shape = NnRule.Make(op, [.. op.Ints("shape")]);
        if (shape.Count != op.Shape(0).Count)
            throw op.Logic($"{op.Shape(0)} with {Counted.Of(op.Shape(0).Count, "element")} cannot become {shape} with {shape.Count}");
        return [shape];
    }

    public static IReadOnlyList<Shape> Transpose(IOperation op)
    {
        var data = op.Shape(0);
        NnRule.PerAxis(op, "axes");
        return [Shape.Of(NnRule.Axes(op, "axes", data.Rank).Select(a => data[a]))];
    }

    public static IReadOnlyList<Shape> Concat(IOperation op)
    {
        var first = op.Shape(0);
        int axis = NnRule.Axis(op, op.Int("axis"), first.Rank);
        long size = 0;
        for (int i = 0; i < op.OperandCount; i++)
        {
            var shape = op.Shape(i);
            if (shape.Rank != first.Rank || shape.With(axis, 1) != first.With(axis, 1))
                throw op.Logic($"operand {i} {shape} does not fit operand 0 {first} along axis {axis}", "all other axes must agree");
            size += shape[axis];
        }
        return [NnRule.Make(op, [.. first.Select((dim, i) => i == axis ? size : dim)])];
    }

    public static IReadOnlyList<Shape> Slice(IOperation op)
    {
        var data = op.Shape(0);
        var begin = NnRule.PerAxis(op, "begin");
        var end = NnRule.PerAxis(op, "end");
        var strides = NnRule.PerAxis(op, "strides");
        var dims = new long[data.Rank];
        for (int i = 0; i < dims.Length; i++)
        {
            if (strides[i] == 0) throw op.Logic($"the stride of axis {i} is 0");
            if (strides[i] == long.MinValue) throw op.Logic($"the stride {strides[i]} of axis {i} is too large");
            if (begin[i] >= data[i] || end[i] > data[i] || (end[i] < 0 && strides[i] > 0))
                throw op.Logic($"{begin[i]}..{end[i]} is outside axis {i} of data {data}");
            long span = strides[i] > 0 ? end[i] - begin[i] : begin[i] - end[i], step = Math.Abs(strides[i]);
            if (span < 1) throw op.Logic($"{begin[i]}..{end[i]} by {strides[i]} along axis {i} selects nothing");
            dims[i] = (span - 1) / step + 1;
        }
        return [NnRule.Make(op, dims)];
    }

    public static IReadOnlyList<Shape> Pad(IOperation op)
    {
        var before = NnRule.PerAxis(op, "before");
        var after = NnRule.PerAxis(op, "after");
        foreach (long pad in before.Concat(after))
            if (pad > int.MaxValue) throw op.Logic($"padding {pad} is above {int.MaxValue}");
        return [NnRule.Make(op, [.. op.Shape(0).Select((dim, i) => before[i] + dim + after[i])])];
    }

    public static IReadOnlyList<Shape> ExpandDims(IOperation op)
    {
        var data = op.Shape(0);
        int rank = data.Rank + op.Ints("axes").Length;
        int[] axes = NnRule.Axes(op, "axes", rank);
        var rest = new Queue<int>(data);
        return [Shape.Of(Enumerable.Range(0, rank).Select(i => axes.Contains(i) ? 1 : rest.Dequeue()))];
    }

    public static IReadOnlyList<Shape> Squeeze(IOperation op)
    {
        var data = op.Shape(0);
        int[] axes = NnRule.Axes(op, "axes", data.Rank);
        foreach (int axis in axes)
            if (data[axis] != 1) throw op.Logic($"axis {axis} of data {data} has size {data[axis]}", "only axes of size 1 can be removed");
        return [Shape.Of(data.Where((_, axis) => !axes.Contains(axis)))];
    }

    public static IReadOnlyList<Shape> UpSample(IOperation op)
    {
        var data = NnRule.Nchw(op);
        var (h, w) = op.Pair("scale");
        return [NnRule.Make(op, data[0], data[1], Times(op, data[2], h), Times(op, data[3], w))];
    }

    public static IReadOnlyList<Shape> Tile(IOperation op)
    {
        var repeats = NnRule.PerAxis(op, "repeats");
        return [NnRule.Make(op, [.. op.Shape(0).Select((dim, i) => Times(op, dim, repeats[i]))])];
    }

    public static IReadOnlyList<Shape> Repeat(IOperation op)
    {
        var data = op.Shape(0);
        int axis = NnRule.Axis(op, op.Int("axis"), data.Rank);
        return [NnRule.Make(op, [.. data.Select((dim, i) => i == axis ? Times(op, dim, op.Int("repeats")) : dim)])];
    }

    public static IReadOnlyList<Shape> BroadcastTo(IOperation op)
    {
        var shape = NnRule.Make(op, [.. op.Ints("shape")]);
        if (Shape.Broadcast(op.Shape(0), shape) != shape) throw op.Logic($"{op.Shape(0)} does not broadcast to {shape}");
        return [shape];
    }

    public static IReadOnlyList<Shape> DepthToSpace(IOperation op)
    {
        var data = NnRule.Nchw(op);
        long block = op.Int("block"), square = Times(op, block, block);
        if (data[1] % square != 0) throw op.Logic($"{Counted.Of(data[1], "channel")} cannot be split into squares of {block} x {block}");
        return [NnRule.Make(op, data[0], data[1] / square, Times(op, data[2], block), Times(op, data[3], block))];
    }

    public static IReadOnlyList<Shape> SpaceToDepth(IOperation op)
    {
        var data = NnRule.Nchw(op);
        long block = op.Int("block");
        if (data[2] % block != 0 || data[3] % block != 0)
            throw op.Logic($"height {data[2]} and width {data[3]} are not multiples of block {block}");
        return [NnRule.Make(op, data[0], Times(op, data[1], Times(op, block, block)), data[2] / block, data[3] / block)];
    }

    private static long Times(IOperation op, long a, long b) =>
        Math.BigMul(a, b) is var product && product <= int.MaxValue ? (long)product : throw op.Logic($"{a} x {b} is above {int.MaxValue}");
}

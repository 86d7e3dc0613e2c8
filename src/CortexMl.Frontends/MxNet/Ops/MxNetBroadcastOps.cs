using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Operators that repeat elements.</summary>
internal static class MxNetBroadcastOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("broadcast_axis", "broadcast_axes")
        {
            Doc = "nn.tile along axes of size 1",
            Attributes = [new("axis", "()"), new("size", "()")],
            Import = n =>
            {
                long[] axes = n.Attributes.Ints("axis"), sizes = n.Attributes.Ints("size");
                if (axes.Length != sizes.Length || Array.Exists(sizes, d => d < 1))
                    throw n.Mismatch(
                        $"{Counted.Of(axes.Length, "axis", "axes")} and {Counted.Of(sizes.Length, "size")}; "
                        + "one positive size for each axis is needed");
                var shape = n.Data().Type.Shape;
                for (int i = 0; i < axes.Length; i++) shape = shape.With(n.Axis(axes[i], n.Rank), (int)sizes[i]);
                return [Tiled(n, shape)];
            },
        },
        new("broadcast_to")
        {
            Doc = "nn.tile along axes of size 1",
            Attributes = [new("shape", "()", "0 keeps a size")],
            Import = n =>
            {
                long[] sizes = n.Attributes.Ints("shape");
                if (sizes.Length != n.Rank) throw n.Mismatch($"shape has {Counted.Of(sizes.Length, "element")} for data of rank {n.Rank}");
                if (Array.Exists(sizes, d => d < 0)) throw n.Attributes.Unsupported("shape", "positive sizes, or 0 for that of the data");
                return [Tiled(n, Shape.Of(sizes.Select((d, i) => d == 0 ? n.Data().Type.Shape[i] : (int)d)))];
            },
        },
        new("broadcast_like")
        {
            Doc = "nn.tile to the second input's shape",
            Data = ["lhs", "rhs"],
            Attributes = [new("lhs_axes", "None"), new("rhs_axes", "None")],
            Import = n => [Tiled(n, Like(n))],
        },
        new("tile", "_npi_tile")
        {
            Doc = "nn.tile",
            Attributes = [new("reps")],
            Import = n =>
            {
                long[] reps = n.Attributes.Ints("reps");
                int missing = n.Rank - reps.Length;
                if (missing >= 0)
                    return [n.Emit(NnShape.Tile, [n.Data()],
                        ("repeats", new long[n.Rank].Select((_, i) => i < missing ? 1 : reps[i - missing]).ToArray()))];
                var aligned = n.Step("aligned", NnShape.ExpandDims, [n.Data()], ("axes", Enumerable.Range(0, -missing).ToArray()));
                return [n.Emit(NnShape.Tile, [aligned], ("repeats", reps))];
            },
        },
        new("repeat", "_np_repeat", "_npi_repeat")
        {
            Doc = "nn.repeat; without an axis of the elements in one row",
            Attributes = [new("repeats"), new("axis", "None")],
            Import = n =>
            {
                bool isFlat = n.Attributes.Text("axis") is null;
                var data = isFlat ? n.Step("row", NnShape.Reshape, [n.Data()], ("shape", new[] { n.Data().Type.Shape.Count })) : n.Data();
                int axis = isFlat ? 0 : n.Axis(n.Attributes.Int("axis"), n.Rank);
                return [n.Emit(NnShape.Repeat, [data], ("repeats", n.Attributes.Int("repeats", 1)), ("axis", axis))];
            },
        },
    ];

    private static Value Tiled(NodeImport n, Shape shape)
    {
        var own = n.Data().Type.Shape;
        for (int i = 0; i < own.Rank; i++)
            if (shape[i] < 1 || (own[i] != 1 && own[i] != shape[i])) throw n.Mismatch($"{own} cannot be broadcast to {shape}");
        return own == shape
            ? n.Emit(NnUnary.Identity, [n.Data()])
            : n.Emit(NnShape.Tile, [n.Data()], ("repeats", shape.Select((d, i) => d / own[i]).ToArray()));
    }

    private static Shape Like(NodeImport n)
    {
        var (own, like) = (n.Data(0).Type.Shape, n.Data(1).Type.Shape);
        long[] left = n.Attributes.Ints("lhs_axes"), right = n.Attributes.Ints("rhs_axes");
        if (left.Length != right.Length || (left.Length == 0 && own.Rank != like.Rank))
            throw n.Mismatch($"{own} cannot be broadcast like {like}");
        if (left.Length == 0) return like;
        for (int i = 0; i < left.Length; i++) own = own.With(n.Axis(left[i], own.Rank), like[n.Axis(right[i], like.Rank)]);
        return own;
    }
}

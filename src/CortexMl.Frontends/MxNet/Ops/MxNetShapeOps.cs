using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Operators that move elements or change shapes.</summary>
internal static class MxNetShapeOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Flatten", "flatten", "_npx_batch_flatten") { Doc = "nn.flatten", Import = n => [n.Emit(NnShape.Flatten, [n.Data()])] },
        new("Reshape", "reshape")
        {
            Doc = "nn.reshape; all special numbers are resolved",
            Attributes =
            [
                new("shape", "()", "0 copy, -1 infer, -2 copy the rest, -3 merge two, -4 split"),
                new("reverse", "False", "match from the end"),
                new("target_shape", "()", "of old files: 0 is inferred"),
                new("keep_highest", "False", "of old files: keep the first dimension"),
            ],
            Import = n => [n.Emit(NnShape.Reshape, [n.Data()],
                ("shape", ReshapeCodes.Resolve(n.Data().Type.Shape, Codes(n), n.Attributes.Bool("reverse"))))],
        },
        new("Concat", "concat")
        {
            Doc = "nn.concat",
            IsVariadic = true,
            Attributes = [new("dim", "1")],
            Import = n => [n.Emit(NnShape.Concat, n.AllData, ("axis", n.Axis(n.Attributes.Int("dim"), n.Rank)))],
        },
        new("stack", "_npi_stack")
        {
            Doc = "nn.expand_dims of each input, then nn.concat",
            IsVariadic = true,
            Attributes = [new("axis", "0")],
            Import = n =>
            {
                int axis = n.Axis(n.Attributes.Int("axis"), n.Rank + 1);
                return [n.Emit(NnShape.Concat,
                    [.. n.AllData.Select((v, i) => n.Step($"item{i}", NnShape.ExpandDims, [v], ("axes", new[] { axis })))],
                    ("axis", axis))];
            },
        },
        new("transpose", "_np_transpose", "_npi_transpose")
        {
            Doc = "nn.transpose",
            Attributes = [new("axes", "()", "reversed when empty")],
            Import = n => [n.Emit(NnShape.Transpose, [n.Data()], ("axes", n.Attributes.Ints("axes") is { Length: > 0 } axes
                ? [.. axes.Select(a => n.Axis(a, n.Rank))] : Enumerable.Range(0, n.Rank).Reverse().ToArray()))],
        },
        new("SwapAxis", "swapaxes", "_npi_swapaxes")
        {
            Doc = "nn.transpose",
            Attributes = [new("dim1", "0"), new("dim2", "0")],
            Import = n =>
            {
                int[] axes = [.. Enumerable.Range(0, n.Rank)];
                int a = n.Axis(n.Attributes.Int("dim1"), n.Rank), b = n.Axis(n.Attributes.Int("dim2"), n.Rank);
                (axes[a], axes[b]) = (axes[b], axes[a]);
                return [n.Emit(NnShape.Transpose, [n.Data()], ("axes", axes))];
            },
        },
        new("expand_dims", "_npi_expand_dims")
        {
            Doc = "nn.expand_dims",
            Attributes = [new("axis")],
            Import = n => [n.Emit(NnShape.ExpandDims, [n.Data()], ("axes", new[] { n.Axis(n.Attributes.Int("axis"), n.Rank + 1) }))],
        },
        new("squeeze", "_np_squeeze", "_npi_squeeze")
        {
            Doc = "nn.squeeze",
            Attributes = [new("axis", "None", "all axes of size 1 when absent")],
            Import = n => [n.Emit(NnShape.Squeeze, [n.Data()], ("axes", n.Attributes.Ints("axis") is { Length: > 0 } axes
                ? [.. axes.Select(a => n.Axis(a, n.Rank))]
                    : Enumerable.Range(0, n.Rank).Where(a => n.Data().Type.Shape[a] == 1).ToArray()))],
        },
        new("reshape_like", "_npx_reshape_like")
        {
            Doc = "nn.reshape to the other input's shape",
            Data = ["lhs", "rhs"],
            Attributes = [new("lhs_begin", "None"), new("lhs_end", "None"), new("rhs_begin", "None"), new("rhs_end", "None")],
            Import = n => [n.Emit(NnShape.Reshape, [n.Data()], ("shape", Like(n)))],
        },
        new("depth_to_space")
        {
            Doc = "nn.depth_to_space", Attributes = [new("block_size")],
            Import = n => [n.Emit(NnShape.DepthToSpace, [n.Data()], ("block", n.Attributes.Int("block_size", 1)))],
        },
        new("space_to_depth")
        {
            Doc = "nn.space_to_depth", Attributes = [new("block_size")],
            Import = n => [n.Emit(NnShape.SpaceToDepth, [n.Data()], ("block", n.Attributes.Int("block_size", 1)))],
        },
    ];

    private static long[] Codes(NodeImport n)
    {
        long[] codes = n.Attributes.Ints("shape");
        if (codes.Length > 0) return codes;
        codes = [.. n.Attributes.Ints("target_shape").Select(d => d == 0 ? -1 : d)];
        if (codes.Length == 0) throw n.Attributes.Unsupported("shape", "a tuple of integers");
        if (n.Attributes.Bool("keep_highest")) codes[0] = 0;
        return codes;
    }

    /// <summary>The left shape with the axes lhs_begin to lhs_end replaced by those rhs_begin to rhs_end of the right one.</summary>
    private static int[] Like(NodeImport n)
    {
        var (left, right) = (n.Data(0).Type.Shape, n.Data(1).Type.Shape);
        return [.. left.Take(At("lhs_begin", left.Rank, 0)),
            .. right.Take(At("rhs_end", right.Rank, right.Rank)).Skip(At("rhs_begin", right.Rank, 0)),
            .. left.Skip(At("lhs_end", left.Rank, left.Rank))];

        int At(string name, int rank, int absent) =>
            n.Attributes.Text(name) is null
                ? absent : n.Attributes.Int(name, -rank, rank) is var at and < 0 ? at + rank : n.Attributes.Int(name);
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Sums, means and maxima over axes.</summary>
internal static class MxNetReductionOps
{
    private static readonly MxNetAttribute[] Attributes =
    [
        new("axis", "None", "one axis, several, or all"), new("keepdims", "False"), new("exclude", "False", "fold all other axes instead"),
    ];

    public static readonly MxNetOp[] Rows =
    [
        Reduction(NnReduce.Mean, "mean"),
        Reduction(NnReduce.Sum, "sum", "sum_axis"),
        Reduction(NnReduce.Max, "max", "max_axis"),
        new("min", "min_axis")
        {
            Doc = "-nn.reduce_max of -x; over all axes the result is [1]",
            Attributes = Attributes,
            Import = n => [n.Emit(NnUnary.Neg, [Reduce(n, NnReduce.Max, n.Step("negative", NnUnary.Neg, [n.Data()]), "largest")])],
        },
    ];

    private static MxNetOp Reduction(OpSpec row, params string[] names) => new(names)
    {
        Doc = $"{row.Name}; over all axes the result is [1]",
        Attributes = Attributes,
        Import = n => [Reduce(n, row, n.Data(), null)],
    };

    /// <param name="step">Null where this is the node's result.</param>
    private static Value Reduce(NodeImport n, OpSpec row, Value data, string? step)
    {
        bool keep = n.Attributes.Bool("keepdims");
        int[] axes = [.. n.Attributes.Ints("axis").Select(a => n.Axis(a, n.Rank)).Distinct().Order()];
        if (axes.Length == 0) axes = [.. Enumerable.Range(0, n.Rank)];
        else if (n.Attributes.Bool("exclude")) axes = [.. Enumerable.Range(0, n.Rank).Except(axes)];
        if (axes.Length == 0) return Last(NnUnary.Identity, data);
        if (keep) return Last(row, data, ("axes", axes), ("keepdims", true));
        if (axes.Length < n.Rank) return Last(row, data, ("axes", axes));
        return Last(NnShape.Reshape, n.Step("all", row, [data], ("axes", axes)), ("shape", new[] { 1 }));

        Value Last(OpSpec spec, Value operand, params ReadOnlySpan<(string, AttributeValue)> attributes) =>
            step is null ? n.Emit(spec, [operand], attributes) : n.Step(step, spec, [operand], attributes);
    }
}

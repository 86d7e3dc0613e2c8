using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Frontends.MxNet;

/// <summary>Sums, means and maxima over axes.</summary>
internal static class ReductionOps
{
    public static readonly MxNetOp[] Rows =
    [
        Reduction(NnReduce.Mean, "mean"),
        Reduction(NnReduce.Sum, "sum", "sum_axis"),
        Reduction(NnReduce.Max, "max", "max_axis"),
    ];

    private static MxNetOp Reduction(OpSpec row, params string[] names) => new(names)
    {
        Doc = $"{row.Name}; over all axes the result is [1]",
        Attributes =
        [
            new("axis", "None", "one axis, several, or all"), new("keepdims", "False"), new("exclude", "False", "fold all other axes instead"),
        ],
        Import = n => [Reduce(n, row)],
    };

    private static Value Reduce(NodeImport n, OpSpec row)
    {
        bool keep = n.Attributes.Bool("keepdims");
        int[] axes = [.. n.Attributes.Ints("axis").Select(a => n.Axis(a, n.Rank)).Distinct().Order()];
        if (axes.Length == 0) axes = [.. Enumerable.Range(0, n.Rank)];
        else if (n.Attributes.Bool("exclude")) axes = [.. Enumerable.Range(0, n.Rank).Except(axes)];
        if (axes.Length == 0) return n.Emit(NnUnary.Identity, [n.Data()]);
        if (keep) return n.Emit(row, [n.Data()], ("axes", axes), ("keepdims", true));
        if (axes.Length < n.Rank) return n.Emit(row, [n.Data()], ("axes", axes));
        var scalar = n.Step("all", row, [n.Data()], ("axes", axes));
        return n.Emit(NnShape.Reshape, [scalar], ("shape", new[] { 1 }));
    }
}

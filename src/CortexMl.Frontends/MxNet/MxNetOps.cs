using System.Collections.Frozen;

namespace CortexMl.Frontends.MxNet;

/// <summary>Every MXNet operator that is imported, and those whose refusal has a reason, group by group.</summary>
public static class MxNetOps
{
    public static IReadOnlyList<MxNetOp> Rows { get; } =
    [
        .. LayerOps.Rows, .. PoolingOps.Rows, .. ResizeOps.Rows, .. MatrixOps.Rows, .. ActivationOps.Rows, .. ArithmeticOps.Rows,
            .. ShapeOps.Rows, .. SliceOps.Rows,
        .. BroadcastOps.Rows, .. SourceOps.Rows, .. ReductionOps.Rows, .. OutputOps.Rows, .. RefusedOps.Rows,
    ];

    private static readonly FrozenDictionary<string, MxNetOp> ByName =
        Rows.SelectMany(row => row.Names.Select(name => KeyValuePair.Create(name, row))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The row of an operator name or alias, or null.</summary>
    public static MxNetOp? Find(string name) => ByName.GetValueOrDefault(name);
}

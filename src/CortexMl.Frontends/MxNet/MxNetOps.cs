using System.Collections.Frozen;

namespace CortexMl.Frontends.MxNet;

/// <summary>Every MXNet operator that is imported, and those whose refusal has a reason, group by group.</summary>
public static class MxNetOps
{
    public static IReadOnlyList<MxNetOp> Rows { get; } =
    [
        .. MxNetLayerOps.Rows, .. MxNetPoolingOps.Rows, .. MxNetResizeOps.Rows, .. MxNetMatrixOps.Rows, .. MxNetActivationOps.Rows,
        .. MxNetArithmeticOps.Rows, .. MxNetShapeOps.Rows, .. MxNetSliceOps.Rows, .. MxNetBroadcastOps.Rows, .. MxNetSourceOps.Rows,
        .. MxNetReductionOps.Rows, .. MxNetOutputOps.Rows, .. MxNetRefusedOps.Rows,
    ];

    private static readonly FrozenDictionary<string, MxNetOp> ByName =
        Rows.SelectMany(row => row.Names.Select(name => KeyValuePair.Create(name, row))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The row of an operator name or alias, or null.</summary>
    public static MxNetOp? Find(string name) => ByName.GetValueOrDefault(name);
}

using System.Collections.Frozen;

namespace CortexMl.Frontends.MxNet;

/// <summary>Every MXNet operator that is imported, group by group.</summary>
public static class MxNetOps
{
    public static IReadOnlyList<MxNetOp> Rows { get; } =
    [
        .. LayerOps.Rows, .. PoolingOps.Rows, .. ActivationOps.Rows, .. ArithmeticOps.Rows, .. ShapeOps.Rows, .. ReductionOps.Rows, .. OutputOps.Rows,
    ];

    private static readonly FrozenDictionary<string, MxNetOp> ByName =
        Rows.SelectMany(row => row.Names.Select(name => KeyValuePair.Create(name, row))).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The row of an operator name or alias, or null.</summary>
    public static MxNetOp? Find(string name) => ByName.GetValueOrDefault(name);
}

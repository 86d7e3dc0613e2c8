using System.Collections.Frozen;
using CortexMl.Frontends.Onnx.Schema;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Every ONNX operator that is imported, and those whose refusal has a reason, group by group.</summary>
public static class OnnxOps
{
    public static IReadOnlyList<OnnxOp> Rows { get; } =
    [
        .. ConvOps.Rows, .. PoolOps.Rows, .. LayerOps.Rows, .. ActivationOps.Rows, .. ArithmeticOps.Rows, .. ComparisonOps.Rows,
        .. ReductionOps.Rows, .. ShapeOps.Rows,
        .. SliceOps.Rows, .. GatherOps.Rows, .. ResizeOps.Rows, .. SourceOps.Rows, .. QuantizedOps.Rows, .. RefusedOps.Rows,
    ];

    private static readonly FrozenDictionary<string, OnnxOp> ByName = Rows.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>The row of one of ONNX's own operators, or null.</summary>
    public static OnnxOp? Find(string name) => ByName.GetValueOrDefault(name);

    internal static OnnxOp? Find(NodeProto node) => IsStandard(node.Domain) ? Find(node.OpType) : null;

    internal static bool IsStandard(string domain) => domain is "" or "ai.onnx";
}

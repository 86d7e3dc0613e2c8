using System.Collections.Frozen;
using CortexMl.Frontends.Onnx.Schema;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>Every ONNX operator that is imported, and those whose refusal has a reason, group by group.</summary>
public static class OnnxOps
{
    public static IReadOnlyList<OnnxOp> Rows { get; } =
    [
        .. OnnxConvOps.Rows, .. OnnxPoolOps.Rows, .. OnnxLayerOps.Rows, .. OnnxActivationOps.Rows, .. OnnxArithmeticOps.Rows,
        .. OnnxComparisonOps.Rows, .. OnnxReductionOps.Rows, .. OnnxShapeOps.Rows, .. OnnxSliceOps.Rows, .. OnnxGatherOps.Rows,
        .. OnnxResizeOps.Rows, .. OnnxSourceOps.Rows, .. OnnxQuantizedOps.Rows, .. OnnxRefusedOps.Rows,
    ];

    private static readonly FrozenDictionary<string, OnnxOp> ByName = Rows.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>The row of one of ONNX's own operators, or null.</summary>
    public static OnnxOp? Find(string name) => ByName.GetValueOrDefault(name);

    internal static OnnxOp? Find(NodeProto node) => IsStandard(node.Domain) ? Find(node.OpType) : null;

    internal static bool IsStandard(string domain) => domain is "" or "ai.onnx";
}

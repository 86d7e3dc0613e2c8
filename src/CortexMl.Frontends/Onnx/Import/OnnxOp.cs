using System.Collections.Frozen;
using CortexMl.Frontends.Onnx.Export;
using CortexMl.Frontends.Onnx.Ops;
using CortexMl.Frontends.Onnx.Schema;

namespace CortexMl.Frontends.Onnx.Import;

/// <summary>
/// One ONNX operator: how it becomes rows of the float level, how it is computed on constants, or why it is not supported.
/// </summary>
public sealed class OnnxOp(string name, string doc)
{
    /// <summary>In front of the names of ONNX Runtime's own operators.</summary>
    internal const string Microsoft = OnnxProto.Microsoft + ".";

    public string Name { get; } = name;

    /// <summary>The rows it becomes, and restrictions.</summary>
    public string Doc { get; } = doc;

    /// <summary>Why no model with it can be compiled, and what to do; null for operators that are imported.</summary>
    public string? Refusal { get; private init; }

    /// <summary>One entry for each output of the node; null where it only works on constants.</summary>
    internal Func<OnnxNode, Entry[]>? Import { get; init; }

    /// <summary>The same on inputs that are all known; null where operations are emitted even then, and folded later.</summary>
    internal Func<OnnxNode, Entry[]>? Fold { get; init; }

    public static OnnxOp Refused(string name, string reason) => new(name, "not supported: " + reason) { Refusal = reason };

    public override string ToString() => Name;
}

/// <summary>Every ONNX operator that is imported, and those whose refusal has a reason, group by group.</summary>
public static class OnnxOps
{
    public static IReadOnlyList<OnnxOp> Rows { get; } =
    [
        .. OnnxConvOps.Rows, .. OnnxPoolOps.Rows, .. OnnxLayerOps.Rows, .. OnnxAttentionOps.Rows, .. OnnxRotaryOps.Rows,
        .. OnnxColumnOps.Rows, .. OnnxDeterminantOps.Rows, .. OnnxSignalOps.Rows, .. OnnxSampleOps.Rows, .. OnnxNormOps.Rows,
        .. OnnxActivationOps.Rows, .. OnnxArithmeticOps.Rows, .. OnnxComparisonOps.Rows, .. OnnxReductionOps.Rows, .. OnnxIndexOps.Rows,
        .. OnnxEinsumOps.Rows, .. OnnxShapeOps.Rows, .. OnnxCastOps.Rows, .. OnnxSliceOps.Rows, .. OnnxGatherOps.Rows,
        .. OnnxScatterOps.Rows, .. OnnxSelectionOps.Rows, .. OnnxBitOps.Rows, .. OnnxRecurrentOps.Rows, .. OnnxResizeOps.Rows,
        .. OnnxSourceOps.Rows, .. OnnxQuantizedOps.Rows, .. OnnxIntegerOps.Rows, .. OnnxControlOps.Rows, .. OnnxLoopOps.Rows,
        .. OnnxSequenceOps.Rows, .. OnnxDetectionOps.Rows, .. OnnxRefusedOps.Rows,
    ];

    private static readonly FrozenDictionary<string, OnnxOp> ByName = Rows.ToFrozenDictionary(row => row.Name, StringComparer.Ordinal);

    /// <summary>The row of one of ONNX's own operators, or of ONNX Runtime's as com.microsoft.Name, or null.</summary>
    public static OnnxOp? Find(string name) => ByName.GetValueOrDefault(name);

    internal static OnnxOp? Find(NodeProto node) =>
        IsStandard(node.Domain) ? Find(node.OpType) : node.Domain == OnnxProto.Microsoft ? Find(OnnxOp.Microsoft + node.OpType) : null;

    internal static bool IsStandard(string domain) => domain is "" or "ai.onnx";
}

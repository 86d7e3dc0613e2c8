using CortexMl.Ir;
using CortexMl.Ops.Nn;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>Rows that fold axes away. At opset 17 only ReduceSum takes its axes as a tensor.</summary>
internal static class ReduceRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnReduce.Mean] = row => row.Emit("ReduceMean", row.Operands, Attribute("axes", row.Op.Ints("axes")), KeepDims(row)),
        [NnReduce.Max] = row => row.Emit("ReduceMax", row.Operands, Attribute("axes", row.Op.Ints("axes")), KeepDims(row)),
        [NnReduce.Sum] = row => row.Emit("ReduceSum", [row.Operand(0), row.Ints(row.Op.Ints("axes").AsSpan())], KeepDims(row)),
    };

    private static Schema.AttributeProto KeepDims(OnnxRow row) => Attribute("keepdims", row.Op.Bool("keepdims") ? 1 : 0);
}

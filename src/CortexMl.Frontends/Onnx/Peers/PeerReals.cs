using CortexMl.Frontends.Onnx.Export;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>Rows without a form in 8 bits: computed in float, on the integers themselves.</summary>
internal static class PeerReals
{
    public static IReadOnlyDictionary<OpSpec, Action<PeerWriter, Operation>> All { get; } =
        new Dictionary<OpSpec, Action<PeerWriter, Operation>>
        {
            [CvmUnary.Abs] = (writer, operation) => Plain(writer, operation, "Abs"),
            [CvmUnary.Negative] = (writer, operation) => Plain(writer, operation, "Neg"),
            [CvmBinary.ElemwiseSub] = (writer, operation) => Plain(writer, operation, "Sub"),
            [CvmBinary.BroadcastSub] = (writer, operation) => Plain(writer, operation, "Sub"),
            [CvmBinary.BroadcastMax] = (writer, operation) => Plain(writer, operation, "Max"),
            [CvmReduce.Max] = (writer, operation) => Reduce(writer, operation, "ReduceMax"),
            [CvmLookup.CvmLut] = Lut,
        };

    /// <summary>ReduceSum or ReduceMax; the former takes its axes as an operand in this opset, the latter as an attribute.</summary>
    public static void Reduce(PeerWriter writer, Operation operation, string type)
    {
        long[] axes = [.. CvmReduce.Axes(operation).Select(a => (long)a)];
        var result = operation.Result;
        var keep = Attribute("keepdims", 1L);
        string data = writer.Plain(operation.Operands[0]);
        string reduced = type == "ReduceSum"
            ? writer.Node(result, type, [data, writer.Constant<long>(result, Shape.Of(axes.Length), axes)], [keep])
            : writer.Node(result, type, [data], [keep, Attribute("axes", [.. axes])]);
        string shape = writer.Constant<long>(result, Shape.Of(result.Type.Shape.Rank), [.. result.Type.Shape.Select(d => (long)d)]);
        Define(writer, operation, writer.Node(result, "Reshape", [reduced, shape]));
    }

    private static void Plain(PeerWriter writer, Operation operation, string type) =>
        Define(writer, operation, writer.Node(operation.Result, type, [.. operation.Operands.Select(writer.Plain)]));

    /// <summary>table[x] with x clamped to the table.</summary>
    private static void Lut(PeerWriter writer, Operation operation)
    {
        var (result, table) = (operation.Result, operation.Operands[1]);
        string clamped = writer.Node(result, "Clip",
            [writer.Plain(operation.Operands[0]), writer.Scalar(result, 0f), writer.Scalar(result, (float)(table.Type.Shape.Count - 1))]);
        string index = writer.Node(result, "Cast", [clamped], [Attribute("to", (long)Schema.TensorProto.Types.DataType.Int64)]);
        string flat = writer.Node(result, "Reshape", [writer.Plain(table), writer.Constant<long>(result, Shape.Of(1), -1)]);
        Define(writer, operation, writer.Node(result, "Gather", [flat, index]));
    }

    private static void Define(PeerWriter writer, Operation operation, string name) =>
        writer.Define(operation.Result, new PeerTensor(name, 1, null));
}

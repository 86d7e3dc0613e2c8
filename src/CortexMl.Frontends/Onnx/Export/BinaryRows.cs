using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>Rows of two tensors: ONNX broadcasts as NumPy does.</summary>
internal static class BinaryRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnBinary.Add] = row => row.Emit("Add", row.Operands),
        [NnBinary.Sub] = row => row.Emit("Sub", row.Operands),
        [NnBinary.Mul] = row => row.Emit("Mul", row.Operands),
        [NnBinary.Div] = row => row.Emit("Div", row.Operands),
        [NnBinary.Max] = row => row.Emit("Max", row.Operands),
        [NnBinary.Min] = row => row.Emit("Min", row.Operands),
        [NnBinary.Pow] = row => row.Emit("Pow", row.Operands),
        [NnBinary.Greater] = row =>
            row.Emit("Cast", [row.Step("Greater", row.Operands)], OnnxRow.Attribute("to", (long)TensorProto.Types.DataType.Float)),
    };
}

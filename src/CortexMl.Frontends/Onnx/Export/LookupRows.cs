using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>Rows that choose elements. Our float values are all f32, so indices and conditions are cast first.</summary>
internal static class LookupRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnLookup.Take] = Take,
        [NnLookup.Where] = row => row.Emit("Where", [Cast(row, 0, TensorProto.Types.DataType.Bool), row.Operand(1), row.Operand(2)]),
    };

    private static void Take(OnnxRow row)
    {
        var data = row.Op.Shape(0);
        int axis = data.Axis(row.Op.Int("axis"));
        string clamped = row.Step("Clip", [Cast(row, 1, TensorProto.Types.DataType.Int64), row.Int(0), row.Int(data[axis] - 1)]);
        row.Emit("Gather", [row.Operand(0), clamped], Attribute("axis", axis));
    }

    private static string Cast(OnnxRow row, int operand, TensorProto.Types.DataType type) =>
        row.Step("Cast", [row.Operand(operand)], Attribute("to", (long)type));
}

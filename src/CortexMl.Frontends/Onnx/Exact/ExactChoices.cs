using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>Rows that select by value.</summary>
internal static class ExactChoices
{
    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>
    {
        [CvmLookup.Take] = new("Clip, Gather", Take),
        [CvmLookup.CvmLut] = new("Clip, Gather", row => row.Emit("Gather", [Flat(row, 1), Indices(row, 0, row.ShapeOf(1).Count)])),
        [CvmLookup.Where] = new("Where", Where),
    };

    private static void Take(ExactRow row)
    {
        if (row.Op.Get("axis") is null)
        {
            row.Emit("Gather", [Flat(row, 0), Indices(row, 1, row.ShapeOf(0).Count)]);
            return;
        }
        int axis = row.ShapeOf(0).Axis(row.Op.Int("axis"));
        row.Emit("Gather", [row.Operand(0), Indices(row, 1, row.ShapeOf(0)[axis])], Attribute("axis", (long)axis));
    }

    /// <summary>Clamped as the CVM does it: a runtime refuses an index beyond the end and takes a negative one from behind.</summary>
    private static string Indices(ExactRow row, int operand, long size) =>
        row.Chain(operand).Clamp(row.Range(operand), 0, size - 1).Step();

    private static string Flat(ExactRow row, int operand) =>
        row.Chain(operand).Reshape(row.ShapeOf(operand), Shape.Of((int)row.ShapeOf(operand).Count)).Step();

    /// <summary>A condition of one element per row stands beside the first axis.</summary>
    private static void Where(ExactRow row)
    {
        Shape given = row.ShapeOf(0), data = row.ResultShape;
        var condition = given == data ? given : Shape.Of([given[0], .. Enumerable.Repeat(1, data.Rank - 1)]);
        string isTrue = row.Chain(0).To(DataType.Bool).Reshape(given, condition).Step();
        row.Emit("Where", [isTrue, row.Operand(1), row.Operand(2)]);
    }
}

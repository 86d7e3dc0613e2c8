using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>Rows that contract with weights, and batch normalisation.</summary>
internal static class ConvRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnConv.Conv2D] = Conv2D,
        [NnConv.Dense] = Dense,
        [NnConv.BatchNorm] = BatchNorm,
        [NnConv.MatMul] = row => row.Emit("MatMul", row.Operands),
    };

    private static void Conv2D(OnnxRow row)
    {
        var window = SlidingWindow.Of(row.Op);
        row.Emit("Conv", row.Operands,
            [Attribute("dilations", [.. window.Dilation]), Attribute("group", row.Op.Int("groups")), .. WindowAttributes(window)]);
    }

    /// <summary>Gemm knows matrices only: other ranks are folded to [rows, K] and back.</summary>
    private static void Dense(OnnxRow row)
    {
        var data = row.Op.Shape(0);
        var transposed = Attribute("transB", 1);
        if (data.Rank == 2)
        {
            row.Emit("Gemm", row.Operands, transposed);
            return;
        }
        string matrix = row.Step("Reshape", [row.Operand(0), row.Ints(-1, data[^1])]);
        string product = row.Step("Gemm", [matrix, .. row.Operands[1..]], transposed);
        row.Emit("Reshape", [product, row.Dims(row.ResultShape)]);
    }

    /// <summary>ONNX normalises along axis 1: data of another axis is folded to [before, C, behind] and back.</summary>
    private static void BatchNorm(OnnxRow row)
    {
        var data = row.Op.Shape(0);
        int axis = data.Axis(row.Op.Int("axis"));
        var epsilon = Attribute("epsilon", row.Op.Float("epsilon"));
        if (axis == 1)
        {
            row.Emit("BatchNormalization", row.Operands, epsilon);
            return;
        }
        long before = Shape.Of(data.Take(axis)).Count;
        string folded = row.Step("Reshape", [row.Operand(0), row.Ints(before, data[axis], -1)]);
        string normal = row.Step("BatchNormalization", [folded, .. row.Operands[1..]], epsilon);
        row.Emit("Reshape", [normal, row.Dims(data)]);
    }
}

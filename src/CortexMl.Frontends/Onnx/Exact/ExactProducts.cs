using System.Globalization;
using CortexMl.Analysis;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;
using DataType = CortexMl.Frontends.Onnx.Schema.TensorProto.Types.DataType;

namespace CortexMl.Frontends.Onnx.Exact;

/// <summary>
/// Convolution and dense layer: sums in int32 of products of bytes. Zeros around the data are its zero point, as ONNX has it.
/// </summary>
internal static class ExactProducts
{
    public static IReadOnlyDictionary<OpSpec, ExactForm> All { get; } = new Dictionary<OpSpec, ExactForm>
    {
        [CvmConv.Conv2D] = new("ConvInteger, Add", Conv2D) { WhyNot = WhyNot },
        [CvmConv.Dense] = new("MatMulInteger, Add", Dense) { WhyNot = WhyNot },
    };

    private static void Conv2D(ExactRow row)
    {
        var window = SlidingWindow.Of(row.Op);
        ByteTensor data = row.Bytes(0), weight = row.Bytes(1);
        string sum = row.Step("ConvInteger", [data.Name, weight.Name, data.ZeroPoint, weight.ZeroPoint],
            [Attribute("dilations", [.. window.Dilation]), Attribute("group", row.Op.Int("groups")), .. WindowAttributes(window)]);
        EmitWithBias(row, sum, Shape.Of(row.ResultShape[1], 1, 1));
    }

    private static void Dense(ExactRow row)
    {
        ByteTensor data = row.Bytes(0), weight = row.Bytes(1);
        string columns = row.Step("Transpose", [weight.Name], Attribute("perm", 1, 0));
        string sum = row.Step("MatMulInteger", [data.Name, columns, data.ZeroPoint, weight.ZeroPoint]);
        EmitWithBias(row, sum, Shape.Of(row.ResultShape[1]));
    }

    /// <param name="channels">The shape under which the bias broadcasts to the sums.</param>
    private static void EmitWithBias(ExactRow row, string sum, Shape channels)
    {
        const int Bias = 2;
        var chain = row.From(sum, DataType.Int32);
        if (row.Op.Has(Bias))
        {
            var width = row.Wraps ? DataType.Int64 : DataType.Int32;
            string bias = row.From(row.Operand(Bias, width), width).Reshape(row.ShapeOf(Bias), channels).Step();
            chain.To(width).Then("Add", [bias]).To(DataType.Int32);
        }
        chain.Emit();
    }

    private static string? WhyNot(Operation operation, Intervals ranges)
    {
        foreach (string name in (string[])["data", "weight"])
        {
            var range = ranges[operation.Operand(name)!].All;
            if (!ByteTensor.Holds(range)) return $"its {name} {range} does not fit 8 bits";
        }
        var weight = operation.Operands[1].Type.Shape;
        long terms = weight.Count / weight[0];
        Int128 largest = (Int128)terms * ranges[operation.Operands[0]].All.Magnitude * ranges[operation.Operands[1]].All.Magnitude;
        return largest <= int.MaxValue ? null
            : string.Create(CultureInfo.InvariantCulture, $"a sum of {Counted.Of(terms, "product")} can exceed 32 bits");
    }
}

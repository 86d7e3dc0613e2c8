using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Frontends.Onnx.Read;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>
/// Models that were quantized elsewhere, read as the real network they stand for: constants are dequantized, and a quantization of
/// activations becomes the clip that its range means (a relu6 may exist nowhere else).
/// </summary>
internal static class OnnxQuantizedOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("QuantizeLinear", "nn.clip to the range of the integers, without their rounding; one constant scale and zero point")
        {
            Import = Quantize, Fold = n => n.Out(QuantizedConstants.Quantize(n, TypeOf(n, 2))),
        },
        new("DequantizeLinear", "constants are dequantized; nothing after QuantizeLinear")
        {
            Import = Dequantize, Fold = n => n.Out(QuantizedConstants.Real(n, 0, 1, 2, n.Attributes.Int("axis", 1))),
        },
        new("QLinearConv", "nn.conv2d and nn.clip to the output's range") { Import = Convolution },
        new("QLinearMatMul", "nn.dense or nn.matmul and nn.clip to the output's range") { Import = Product },
        new(OnnxOp.Microsoft + "QLinearAdd", "nn.add and nn.clip to the output's range") { Import = n => Two(n, NnBinary.Add) },
        new(OnnxOp.Microsoft + "QLinearMul", "nn.mul and nn.clip to the output's range") { Import = n => Two(n, NnBinary.Mul) },
        new(OnnxOp.Microsoft + "QLinearGlobalAveragePool", "nn.reduce_mean and nn.clip to the output's range") { Import = GlobalAverage },
        new(OnnxOp.Microsoft + "QLinearSigmoid", "nn.sigmoid and nn.clip to the output's range")
        {
            Import = n => Clipped(n, n.Step("sigmoid", NnUnary.Sigmoid, [Activation(n, 0, 1, 2)]), Parameters(n, 3, 4)),
        },
        new(OnnxOp.Microsoft + "QLinearLeakyRelu", "nn.leaky_relu and nn.clip to the output's range")
        {
            Import = n => Clipped(
                n, n.Step("leaky", NnUnary.LeakyRelu, [Activation(n, 0, 1, 2)], ("slope", n.Attributes.Float("alpha", 0.01f))),
                Parameters(n, 3, 4)),
        },
        new(OnnxOp.Microsoft + "QLinearConcat", "nn.concat and nn.clip to the output's range") { Import = Joined },
    ];

    private const string Unrounded =
        "its rounding is left out: real numbers are limited to the range of its integers, and get the steps that calibration finds";

    private static Entry[] Quantize(OnnxNode n) => Clipped(n, n.Data(), Parameters(n, 1, 2, TypeOf(n, 2)));

    /// <summary>The integers' type: that of the zero point, else of output_dtype (opset 21), else u8.</summary>
    private static DType TypeOf(OnnxNode n, int zero)
    {
        if (n.Has(zero)) return n.Constant(zero, "the zero point").DType;
        if (n.Attributes.Int("output_dtype", 0) is not 0 and var given)
            return ElementTypes.Find((Schema.TensorProto.Types.DataType)given) is { } type && !type.IsReal() ? type
                : throw n.Refused($"output_dtype is {ElementTypes.Name((int)given)}", "8- and 16-bit integers are supported");
        return DType.U8;
    }

    /// <summary>Real values limited to what the integers can stand for.</summary>
    private static Entry[] Clipped(OnnxNode n, Value value, Quantization q)
    {
        if (q.Type is not (DType.I8 or DType.U8 or DType.I16 or DType.U16))
            throw n.Refused($"it quantizes to {q.Type}", "8- and 16-bit integers are supported");
        n.Note(Unrounded,
            "results differ from the file's own by up to a step of its scale; figures of the float network are without it too");
        var (min, max) = q.Range;
        return [new Entry(
            n.OutputName(0), value.Type.Shape, q.Type)
            {
                Value = n.Emit(NnUnary.Clip, [value], ("min", min), ("max", max)), Quantized = q,
            }];
    }

    private static Entry[] Dequantize(OnnxNode n) => n.Out(Activation(n, 0, 1, 2));

    /// <summary>The real numbers behind an input: those of its quantization, or of integers that come from outside.</summary>
    private static Value Activation(OnnxNode n, int data, int scale, int zero)
    {
        var q = Parameters(n, scale, zero, n.Input(data).Type);
        if (n.Input(data).Quantized is { } quantized)
            return quantized == q
                ? n.AnyData(data)
                : throw n.Refused("scale or zero point differ from those with which the data were quantized", "export the model again");
        var shifted = q.ZeroPoint == 0 ? n.AnyData(data) : n.Step("shifted", NnBinary.Sub, [n.AnyData(data), n.Scalar(q.ZeroPoint)]);
        return n.Step("real", NnBinary.Mul, [shifted, n.Scalar(q.Scale)]);
    }

    private static Quantization Parameters(OnnxNode n, int scale, int zero, DType? of = null)
    {
        Tensor scales = n.Constant(scale, "the scale"),
        zeros = n.Has(zero)
        ? n.Constant(zero, "the zero point")
        : Constants.FromLongs(of ?? DType.U8, scales.Shape, new long[scales.Length]);
        if (scales.Length != 1 || zeros.Length != 1)
            throw n.Refused("activations are quantized per channel", "one scale for the tensor is supported");
        double value = scales.GetDouble(0);
        return value > 0 && double.IsFinite(value)
            ? new(value, zeros.Longs()[0], zeros.DType)
            : throw n.Mismatch($"the scale is {value}; above 0 is allowed");
    }

    private static Entry[] Convolution(OnnxNode n)
    {
        var data = Activation(n, 0, 1, 2);
        var weight = n.Floats("weight", QuantizedConstants.Real(n, 3, 4, 5, 0));
        Value? bias = n.Has(8) ? n.Floats("bias", Bias(n)) : null;
        var real = OnnxConvOps.Convolution(n, data, weight, bias, "conv");
        return Clipped(n, real, Parameters(n, 6, 7));
    }

    /// <summary>32-bit integers at the scale of data times weights.</summary>
    private static Tensor<float> Bias(OnnxNode n)
    {
        var integers = n.Constant(8, "the bias");
        double scale = n.Number(1, "the data's scale");
        double[] scales = n.Constant(4, "the weights' scale").Doubles();
        if (scales.Length != 1 && scales.Length != integers.Length)
            throw n.Mismatch($"{Counted.Of(scales.Length, "scale")} for {Counted.Of(integers.Length, "bias", "biases")}");
        return Tensor.Create(
            integers.Shape, [.. integers.Longs().Select((b, i) => (float)(b * scale * scales[scales.Length == 1 ? 0 : i]))]);
    }

    private static Entry[] Two(OnnxNode n, OpSpec row) =>
        Clipped(n, n.Step("real", row, [Activation(n, 0, 1, 2), Activation(n, 3, 4, 5)]), Parameters(n, 6, 7));

    private static Entry[] GlobalAverage(OnnxNode n)
    {
        int rank = n.Rank;
        if (rank < 3) throw n.Mismatch($"{n.Shape()} has nothing behind its channels");
        int[] axes = n.Attributes.Bool("channels_last", false) ? [.. Enumerable.Range(1, rank - 2)] : [.. Enumerable.Range(2, rank - 2)];
        var mean = n.Step("mean", NnReduce.Mean, [Activation(n, 0, 1, 2)], ("axes", axes), ("keepdims", true));
        return Clipped(n, mean, Parameters(n, 3, 4));
    }

    // Scale and zero point of the result, then data, scale and zero point of each part.
    private static Entry[] Joined(OnnxNode n)
    {
        Value[] parts = [.. Enumerable.Range(0, (n.InputCount - 2) / 3).Select(i => Activation(n, 2 + 3 * i, 3 + 3 * i, 4 + 3 * i))];
        if (parts.Length == 0) throw n.Mismatch("there is nothing to join");
        int axis = n.Axis(n.Attributes.Int("axis", 1), parts[0].Type.Shape.Rank);
        return Clipped(n, n.Step("joined", NnShape.Concat, parts, ("axis", axis)), Parameters(n, 0, 1));
    }

    private static Entry[] Product(OnnxNode n)
    {
        var data = Activation(n, 0, 1, 2);
        var weight = n.Known(3) is not null ? n.Floats("b", QuantizedConstants.Real(n, 3, 4, 5, -1)) : Activation(n, 3, 4, 5);
        return Clipped(n, n.Step("product", NnConv.MatMul, [data, weight]), Parameters(n, 6, 7));
    }
}

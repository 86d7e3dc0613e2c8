using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

//  q, s, z = dynamic_quantize(x)
//  i = matmul_integer(q, @w, z, @v)     ⇒     y = x · (@w - @v) · @t
//  y = cast(i) · (s · @t)
/// <summary>
/// Products of integers whose scales are multiplied behind them. What is quantized by the range of the data at hand stands for the data
/// itself, at scale 1 and without zero point: the compiler quantizes it by the ranges that it measures.
/// </summary>
internal static class OnnxIntegerOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("DynamicQuantizeLinear", "its data as they are, scale 1 and zero point 0, as long as no output of the network shows them")
        {
            Import = Dynamic,
        },
        new("MatMulInteger", "nn.sub of zero points, then as MatMul")
        {
            Import = n => Sums(n, OnnxLayerOps.Product(n, Centred(n, 0, 2, axis: -2), Centred(n, 1, 3, axis: -1))),
        },
        new("ConvInteger", "nn.sub of zero points, then as Conv")
        {
            Import = n => Sums(n, OnnxConvOps.Convolution(n, Centred(n, 0, 2, axis: 1), Centred(n, 1, 3, axis: 0), null)),
        },
    ];

    private static Entry[] Dynamic(OnnxNode n)
    {
        if (Enumerable.Range(0, n.OutputCount).Any(n.IsResult))
            throw n.Refused("its integers are an output of the network", "they depend on the range of the data at hand; cut the model before it");
        n.Note("what it quantizes by the range of the data at hand is left as it is, for the compiler to quantize");
        return
        [
            Entry.Of(n.OutputName(0), n.Emit(NnUnary.Identity, [n.Data()]), DType.U8), Entry.Of(n.OutputName(1), Tensor.Scalar(1f)),
            Entry.Of(n.OutputName(2), Tensor.Scalar((byte)0)),
        ];
    }

    private static Entry[] Sums(OnnxNode n, Value sums) => [Entry.Of(n.OutputName(0), sums, DType.I32)];

    /// <summary>The integers less their zero point.</summary>
    /// <param name="axis">Along which there may be one for each index.</param>
    private static Value Centred(OnnxNode n, int input, int zero, int axis)
    {
        var shape = n.Shape(input);
        if (!n.Has(zero)) return Real(n, input);
        var zeros = n.Constant(zero, "the zero point").ToFloat();
        if (Array.TrueForAll(zeros.Data, z => z == 0)) return Real(n, input);
        if (zeros.Length != 1)
        {
            int at = n.Axis(axis, shape.Rank);
            if (zeros.Shape.Rank != 1 || zeros.Length != shape[at])
                throw n.Refused($"zero points {zeros.Shape} do not fit {shape}", $"one, or one for each index of axis {at}, is supported");
            zeros = zeros.Reshape(Shape.Of(shape.Select((d, a) => a == at ? d : 1)));
        }
        if (n.Known(input) is not { } known)
            return n.Step($"centred{input}", NnBinary.Sub, [n.Numbers(input), n.Floats($"zero{input}", zeros)]);
        n.Reserve(shape.Select(d => (long)d), DType.F32);
        float[] integers = known.ToFloat().Data, offsets = ((Tensor<float>)Moves.Broadcast(zeros, shape)).Data;
        return n.Floats($"centred{input}", Tensor.Create(shape, [.. integers.Select((v, i) => v - offsets[i])]));
    }

    private static Value Real(OnnxNode n, int input) => n.Known(input) is { } known
        ? n.Floats($"integers{input}", known.ToFloat()) : n.Numbers(input);
}

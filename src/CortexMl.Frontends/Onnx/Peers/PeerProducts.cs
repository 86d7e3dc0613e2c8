using CortexMl.Frontends.Onnx.Export;
using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Peers;

/// <summary>Convolutions and dense layers, with the requantization behind them.</summary>
internal static class PeerProducts
{
    public static IReadOnlyDictionary<OpSpec, Action<PeerWriter, Operation>> All { get; } =
        new Dictionary<OpSpec, Action<PeerWriter, Operation>>
        {
            [CvmConv.Conv2D] = Conv2D,
            [CvmConv.Dense] = Dense,
        };

    private static void Conv2D(PeerWriter writer, Operation operation)
    {
        var window = SlidingWindow.Of(operation);
        AttributeProto[] attributes =
        [
            Attribute("dilations", [.. window.Dilation]), Attribute("group", operation.Int("groups")), .. WindowAttributes(window),
        ];
        var chain = Rescaling.Behind(operation.Result, perChannel: true);
        if (writer.Kind == PeerKind.Float)
        {
            Real(writer, operation, chain, "Conv", attributes, operation.Operands[1].Type.Shape, Weights(operation));
            return;
        }
        var data = writer.Int8(operation.Operands[0]);
        var result = writer.FreshInt8(chain.End);
        string weights =
            writer.Constant(operation.Operands[1], operation.Operands[1].Type.Shape, Array.ConvertAll(Weights(operation), v => (sbyte)v));
        writer.Node(result.Name, "QLinearConv",
        [
            data.Name, .. writer.Quantization(chain.End, data), weights, .. WeightScales(writer, chain),
            .. writer.Quantization(chain.End, result), .. Bias(writer, operation, data),
        ], attributes);
        writer.Define(chain.End, result, chain.Operations);
    }

    /// <summary>QGemm, whose result is float where it leaves the network: scores have more than 8 bits.</summary>
    private static void Dense(PeerWriter writer, Operation operation)
    {
        var chain = Rescaling.Behind(operation.Result, perChannel: true);
        var shape = Shape.Of(operation.Operands[1].Type.Shape[1], operation.Operands[1].Type.Shape[0]);
        int[] weights = Transposed(Weights(operation), shape);
        if (writer.Kind == PeerKind.Float)
        {
            Real(writer, operation, chain, "Gemm", [], shape, weights);
            return;
        }
        var data = writer.Int8(operation.Operands[0]);
        bool isScore = chain.End.Uses.All(u => u.IsGraphOutput);
        var result = isScore ? new PeerTensor(writer.Fresh(chain.End), 1, null) : writer.FreshInt8(chain.End);
        string[] bias = Bias(writer, operation, data);
        writer.Node(result.Name, "QGemm",
        [
            data.Name, .. writer.Quantization(chain.End, data),
            writer.Constant(operation.Operands[1], shape, Array.ConvertAll(weights, v => (sbyte)v)),
            .. WeightScales(writer, chain), bias is [var given] ? given : "", .. isScore ? [] : writer.Quantization(chain.End, result),
        ], domain: OnnxProto.Microsoft);
        writer.Define(chain.End, result, chain.Operations);
    }

    /// <summary>
    /// Factors folded into weights and bias. The scale of the data passes through, so that branches that are added have the same one.
    /// </summary>
    private static void Real(
        PeerWriter writer, Operation operation, Rescaling chain, string type, AttributeProto[] attributes, Shape shape, int[] weights)
    {
        var data = writer.Real(operation.Operands[0]);
        int channels = operation.Operands[1].Type.Shape[0];
        // Channels are the first axis of a convolution's weights and the last of a transposed dense layer's.
        int inner = type == "Conv" ? weights.Length / Math.Max(1, channels) : 1;
        float[] scaled = [.. weights.Select((v, i) => (float)(v * Factor(chain, i / inner % channels)))];
        List<string> inputs = [data.Name, writer.Constant<float>(operation.Operands[1], shape, scaled)];
        if (operation.Operand("bias") is { } bias)
            inputs.Add(writer.Constant<float>(bias, bias.Type.Shape,
                [.. bias.Constant!.Integers.ToArray().Select((v, i) => (float)(v * Factor(chain, i) / data.Scale))]));
        string sum = writer.Node(chain.End, type, inputs, attributes);
        if (writer.IsRectified(operation.Result, chain.End)) sum = writer.Node(chain.End, "Relu", [sum]);
        writer.Define(chain.End, new PeerTensor(sum, data.Scale, null), chain.Operations);
    }

    private static double Factor(Rescaling chain, int channel) => chain.Factors[chain.Factors.Count == 1 ? 0 : channel];

    private static int[] Weights(Operation operation) => operation.Operands[1].Constant!.Integers.ToArray();

    private static int[] Transposed(int[] weights, Shape shape) =>
        [.. Enumerable.Range(0, weights.Length).Select(i => weights[(i % shape[1] * shape[0]) + (i / shape[1])])];

    private static string[] WeightScales(PeerWriter writer, Rescaling chain)
    {
        var shape = chain.Factors.Count == 1 ? Shape.Scalar : Shape.Of(chain.Factors.Count);
        return [writer.Constant<float>(chain.End, shape, [.. chain.Factors.Select(f => (float)f)]),
            writer.Constant(chain.End, shape, new sbyte[chain.Factors.Count])];
    }

    private static string[] Bias(PeerWriter writer, Operation operation, PeerTensor data) => operation.Operand("bias") is { } bias
        ? [writer.Constant<int>(bias, bias.Type.Shape, [.. bias.Constant!.Integers.ToArray().Select(v => (int)Math.Round(v / data.Scale))])]
            : [];
}

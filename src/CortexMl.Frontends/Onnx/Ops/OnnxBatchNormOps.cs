using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>
/// Batch normalisation, whose form for training every generation of opsets says in another way: <c>is_test = 0</c> up to opset 6, more than
/// one output up to opset 13 (whether something reads them or not), <c>training_mode = 1</c> from 14 on.
/// </summary>
internal static class OnnxBatchNormOps
{
    private const string NoTest =
        "is_test is absent, which means training, but with one output it is read as inference, as its authors meant it";

    public static Entry[] Import(OnnxNode n)
    {
        if (n.Opset >= 14 && n.Attributes.Bool("training_mode", false))
            throw TrainingForm.BatchNorm("training_mode = 1", "or set training_mode to 0 in the file");
        if (n.Opset < 14 && Enumerable.Range(1, 4).Any(n.Gives))
            throw TrainingForm.BatchNorm($"{Counted.Of(n.OutputCount, "output")}", "or leave the outputs behind the first out of the file");
        CheckTest(n, sign => TrainingForm.BatchNorm(sign, "or set is_test to 1 in the file"));
        if (n.Opset < 9 && !n.Attributes.Bool("spatial", true)) return n.Out(Everywhere(n));
        if (n.Known(3) is null || n.Known(4) is null) return n.Out(ByData(n));
        Value[] operands = [.. Enumerable.Range(0, 5).Select(n.Data)];
        return n.Out(n.Emit(NnConv.BatchNorm, operands, ("epsilon", n.Attributes.Float("epsilon", 1e-5f))));
    }

    /// <summary>Up to opset 6 is_test = 0, which is its default, means training.</summary>
    public static void CheckTest(OnnxNode n, Func<string, NodeException> refused)
    {
        if (n.Opset > 6 || n.Attributes.Bool("is_test", false)) return;
        if (n.Attributes.Has("is_test")) throw refused("is_test = 0");
        n.Warn(NoTest, "compare the outputs with those of the framework it came from, or set is_test to 1 in the file");
    }

    //  mean and variance that the network computes   ⇒   (x - mean) / √(variance + ε) · scale + bias, each of them a number per channel
    private static Value ByData(OnnxNode n)
    {
        var data = n.Data();
        int rank = data.Type.Shape.Rank;
        if (rank < 2) throw n.Mismatch($"{data.Type.Shape} has no channels");
        var channels = Shape.Of(Enumerable.Range(0, rank).Select(a => a == 1 ? data.Type.Shape[1] : 1));
        var centered = n.Step("centered", NnBinary.Sub, [data, Column(3, "mean")]);
        var variance = n.Step("positive", NnBinary.Add, [Column(4, "variance"), n.Scalar(n.Attributes.Float("epsilon", 1e-5f))]);
        var normalized = n.Step("normalized", NnBinary.Div, [centered, n.Step("deviation", NnUnary.Sqrt, [variance])]);
        var scaled = n.Step("scaled", NnBinary.Mul, [normalized, Column(1, "scale")]);
        return n.Emit(NnBinary.Add, [scaled, Column(2, "bias")]);

        // What was squeezed out of this shape is taken from before: so normalisation is recognised as one.
        Value Column(int index, string name)
        {
            var vector = n.Data(index);
            if (vector.Type.Shape.Count != channels.Count)
                throw n.Mismatch($"{name} {vector.Type.Shape} does not fit {Counted.Of(data.Type.Shape[1], "channel")}");
            return vector.Producer is { } op && (op.Spec == NnShape.Squeeze || op.Spec == NnShape.Reshape)
                && op.Operands[0].Type.Shape == channels ? op.Operands[0] : n.Reshaped($"{name}.column", vector, channels);
        }
    }

    //  spatial = 0: statistics for each position   ⇒   x · s + t, s = scale / √(var + ε) and t = bias - mean · s of a sample's shape
    private static Value Everywhere(OnnxNode n)
    {
        double epsilon = n.Attributes.Float("epsilon", 1e-5f);
        var sample = Shape.Of(n.Shape().Skip(1));
        float[] scale = Of(1, "the scale"), bias = Of(2, "the bias"), mean = Of(3, "the mean"), variance = Of(4, "the variance");
        double[] factors = [.. scale.Select((s, i) => s / Math.Sqrt(variance[i] + epsilon))];
        float[] offsets = [.. factors.Select((f, i) => (float)(bias[i] - mean[i] * f))];
        var factor = n.Floats("factor", Tensor.Create(sample, Array.ConvertAll(factors, f => (float)f)));
        var scaled = n.Step("scaled", NnBinary.Mul, [n.Data(), factor]);
        return n.Emit(NnBinary.Add, [scaled, n.Floats("offset", Tensor.Create(sample, offsets))]);

        float[] Of(int index, string what)
        {
            var tensor = n.Constant(index, what).ToFloat();
            return tensor.Length == sample.Count ? tensor.Data
                : throw n.Mismatch($"{what} {tensor.Shape} does not fit a sample {sample}: spatial = 0 has one for each position");
        }
    }
}

using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Shapes;

/// <summary>
/// Layers with seeded weights, requantized per channel as the compiler does it: relu, clip, multiply, rounding shift to 8 bits. The shift
/// keeps about the same spread of numbers from layer to layer.
/// </summary>
public sealed class Layers(GraphBuilder build, long seed)
{
    private const int LeastMultiplier = 64, ClipPrecision = 24, IndexPrecision = 10;

    /// <summary>Root mean square of uniform weights, and mean of the multipliers.</summary>
    private const double Weight = 73, Multiplier = 95;

    private long _seed = seed << 20;

    /// <summary>A convolution with a square window and half padding.</summary>
    /// <param name="relu">Whether negative sums become 0.</param>
    public Value Conv(Value data, int channels, int size, int stride = 1, int groups = 1, bool relu = true)
    {
        int inner = data.Type.Shape[1] / groups;
        long padding = size / 2;
        var sum = build.Op(CvmConv.Conv2D, [data, Weights(channels, inner, size, size), Bias(channels)], Attributes.Of(
            ("channels", channels), ("groups", groups), ("kernel_size", new long[] { size, size }), ("padding", new[] { padding, padding }),
            ("strides", new long[] { stride, stride })));
        return Requantize(relu ? build.Op(CvmUnary.Relu, [sum]) : sum, inner * size * size, Shape.Of(channels, 1, 1));
    }

    public Value Dense(Value data, int units) =>
        Requantize(build.Op(CvmUnary.Relu, [Scores(data, units)]), data.Type.Shape[1], Shape.Of(units));

    /// <summary>GELU of a dense layer as the compiler makes it: an index of 10 bits into a table of 8 bits.</summary>
    public Value DenseWithTable(Value data, int units)
    {
        var sum = Requantize(Scores(data, units), data.Type.Shape[1], Shape.Of(units), IndexPrecision);
        int half = (int)Precisions.Bound(IndexPrecision);
        var index = build.Op(CvmBinary.BroadcastAdd, [sum, build.Constant("offset", Tensor.Vector(half), IndexPrecision)]);
        int[] entries = [.. Enumerable.Range(-half, (2 * half) + 1).Select(Gelu)];
        return build.Op(
            CvmLookup.CvmLut, [index, build.Constant("table", Tensor.Vector(entries), 8)], Attributes.Of(("in_dim", entries.Length)));
    }

    /// <summary>(a + b) / 2, negative sums 0.</summary>
    public Value Add(Value a, Value b) => Shift(build.Op(CvmUnary.Relu, [build.Op(CvmBinary.ElemwiseAdd, [a, b])]), 1);

    public Value MaxPool(Value data, int size, int stride)
    {
        long padding = size / 2;
        return build.Op(CvmPool.MaxPool2D, [data],
            Attributes.Of(("padding", new[] { padding, padding }), ("pool_size", new long[] { size, size }),
            ("strides", new long[] { stride, stride })));
    }

    /// <summary>The mean over the pixels, then a dense layer.</summary>
    public Value Head(Value data, int classes)
    {
        int pixels = data.Type.Shape[2] * data.Type.Shape[3];
        var mean =
            Shift(build.Op(CvmReduce.Sum, [data], Attributes.Of(("axis", new long[] { 2, 3 }))), Math.Max(1, (int)Math.Log2(pixels)));
        return Scores(mean, classes);
    }

    private Value Scores(Value data, int units) =>
        build.Op(CvmConv.Dense, [data, Weights(units, data.Type.Shape[1]), Bias(units)], Attributes.Of(("units", units)));

    /// <summary>By the sigmoid, x · σ(1.702 x), of an index whose step is a hundredth. Source: Hendrycks and Gimpel 2016.</summary>
    private static int Gelu(int index)
    {
        const double Step = 0.01, Result = 24;
        double x = index * Step;
        return (int)Math.Round(Result * x / (1 + PortableMath.Exp(-1.702 * x)));
    }

    private Value Requantize(Value sum, int terms, Shape channels, int precision = 8)
    {
        if (sum.Type.Precision > ClipPrecision) sum = build.Op(CvmUnary.CvmClip, [sum], Attributes.Of(("precision", ClipPrecision)));
        var spread = RandomTensor.Integers(channels, 7, _seed++);
        var multiplier =
            build.Constant("multiplier", Tensor.Create(spread.Shape, Array.ConvertAll(spread.Data, v => LeastMultiplier + Math.Abs(v))), 8);
        return Shift(
            build.Op(CvmBinary.BroadcastMul, [sum, multiplier]),
            (int)Math.Round(Math.Log2(Multiplier * Weight * Math.Sqrt(terms))) - (precision - 8), precision);
    }

    private Value Shift(Value value, int bits, int precision = 8) =>
        build.Op(CvmUnary.CvmRightShift, [value], Attributes.Of(("precision", precision), ("shift_bit", bits)));

    private Value Weights(params ReadOnlySpan<int> shape) =>
        build.Constant("weight", RandomTensor.Integers(Shape.Of(shape), 8, _seed++), 8);

    private Value Bias(int channels) => build.Constant("bias", RandomTensor.Integers(Shape.Of(channels), 12, _seed++), 12);
}

using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Weights;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

/// <summary>Weights of a convolution or dense layer as rows of output channels, and how its integers are emitted.</summary>
/// <param name="Weights">Row-major [outputs, inputs, taps].</param>
/// <param name="Bias">One per output, or null.</param>
/// <param name="Groups">Output o reads the inputs of group o / (outputs / groups).</param>
internal sealed record Product(
    string Name, string WeightName, float[] Weights, int Outputs, int Inputs, int Taps, float[]? Bias, int Groups)
{
    /// <summary>Shape of a per-output constant that broadcasts to the result: [outputs, 1, 1] or [outputs].</summary>
    public required Shape ChannelShape { get; init; }

    /// <summary>Shape of the weights of inputs [from, to).</summary>
    public required Func<int, Shape> WeightShape { get; init; }

    /// <summary>
    /// Data, each channel in its integers, of which rounded weights make exactly what the weights made: its mean where that is known, else
    /// what of centred data stands for 0. Null for zeros.
    /// </summary>
    public double[]? Pivot { get; init; }

    /// <summary>Bits that it sees.</summary>
    public LayerWidth Width { get; init; }

    /// <summary>How its weights become integers of 8 bits; null for each to the nearest.</summary>
    public LayerRounding? Rounding { get; init; }

    /// <summary>Emits the layer on (part of) the data.</summary>
    public required Func<Value, Value, Value?, Scale, Value> Emit { get; init; }
}

/// <summary>
/// Layers with weights: int8 data · int8 weights + int32 bias, weight scales snapped to the requantization that the consumers want.
/// A layer with more terms than 32 bits can declare is split by inputs and the partial sums are added.
/// </summary>
internal static class ProductLowering
{
    /// <summary>With a bias: 8 + 8 + bits(32767) = 31, and 1 more for the bias.</summary>
    private const int MaxTerms = 32767;

    /// <summary>The layer on data whose channels may have a scale each, which the weights take up: w / s_c · (x_c · s_c).</summary>
    public static Value Lower(Quantizer quantizer, Product product, Value data, Demand target)
    {
        if (product.Width != LayerWidth.Narrow) return WideProduct.Lower(quantizer, product, data, target);
        var scales = data.Type.Scale!;
        return scales.IsPerChannel
            ? Lower(quantizer, product with { Weights = Folded(product, scales) }, data, 1, target)
            : Lower(quantizer, product, data, scales.Value, target);
    }

    public static float[] Folded(Product product, Scale scales)
    {
        var folded = new float[product.Weights.Length];
        int perGroup = Math.Max(1, product.Outputs / product.Groups), row = product.Inputs * product.Taps;
        for (int k = 0; k < folded.Length; k++)
            folded[k] = (float)(product.Weights[k] / scales.At(k / row / perGroup * product.Inputs + k % row / product.Taps));
        return folded;
    }

    private static Value Lower(Quantizer quantizer, Product product, Value data, double inputScale, Demand target)
    {
        var range = quantizer.Ranges[data];
        var snap = Snap.Choose(Channels(product, range), inputScale, target, quantizer.Settings.PerChannel)
            ?? throw Refused(product, target);
        var scale = ResultScale(product, snap, inputScale);
        var weights = WeightIntegers.Of(product, snap, range);
        var sum = product.Inputs * product.Taps <= MaxTerms
            ? product.Emit(data, Weights(quantizer, product, weights, 0, product.Inputs),
                Bias(quantizer, product, snap, weights, inputScale, Shape.Of(product.Outputs)), scale)
            : Split(quantizer, product, weights, data, Bias(quantizer, product, snap, weights, inputScale, product.ChannelShape), scale);
        var multiplier = quantizer.Constant($"{product.Name}.multiplier", Multiplier(product, snap));
        return quantizer.WithSnap(sum, new Snapped(multiplier, snap.Shift, target));
    }

    public static Snap.Channel[] Channels(Product product, ValueRange data)
    {
        var channels = new Snap.Channel[product.Outputs];
        int perGroup = Math.Max(1, product.Outputs / product.Groups);
        // High parts are off by up to half a unit, and low parts are that half once more.
        int roundings = product.Width.WideWeights ? 2 : 1;
        Parallel.For(0, channels.Length, o =>
        {
            double threshold = 0, reach = 0, slack = 0;
            for (int i = 0; i < product.Inputs; i++)
            {
                double most = data.At(1, o / perGroup * product.Inputs + i).Magnitude, sum = 0;
                foreach (float w in product.Weights.AsSpan((o * product.Inputs + i) * product.Taps, product.Taps))
                {
                    threshold = Math.Max(threshold, Math.Abs((double)w));
                    sum += Math.Abs((double)w);
                }
                reach += sum * most;
                slack += (most + Math.Abs(product.Pivot?[o / perGroup * product.Inputs + i] ?? 0)) * product.Taps * roundings / 2;
            }
            int row = product.Inputs * product.Taps;
            double grid = WeightGrid.Of(product.Weights.AsSpan(o * row, row));
            channels[o] = new Snap.Channel(threshold, reach, slack, product.Bias?[o] ?? 0, grid);
        });
        return channels;
    }

    private static Value Weights(Quantizer quantizer, Product product, WeightIntegers weights, int from, int to)
    {
        int taps = product.Taps, length = (to - from) * taps;
        var data = new int[product.Outputs * length];
        for (int o = 0; o < product.Outputs; o++)
            weights.Rounded.AsSpan((o * product.Inputs + from) * taps, length).CopyTo(data.AsSpan(o * length));
        return quantizer.Constant(product.WeightName, Tensor.Create(product.WeightShape(to - from), data));
    }

    /// <param name="unit">Integers for one of the products' sums.</param>
    public static Value? Bias(
        Quantizer quantizer, Product product, Snap snap, WeightIntegers weights, double inputScale, Shape shape, int unit = 1)
    {
        double[] lost = PivotBias.Of(product, weights);
        if (product.Bias is null && lost.All(l => Rounding.Clamped(unit * l, 1) == 0)) return null;
        long bound = Precisions.Bound(31);
        int[] data =
            [.. lost.Select((l, o) => Rounding.Clamped(unit * ((product.Bias?[o] ?? 0) * (inputScale * snap.WeightScales[o]) + l), bound))];
        return quantizer.Constant($"{product.Name}.bias", Tensor.Create(shape, data));
    }

    /// <summary>One element where all channels agree.</summary>
    public static Tensor<int> Multiplier(Product product, Snap snap)
    {
        int[] data = [.. snap.Multipliers.Select(m => (int)m)];
        return data.All(m => m == data[0]) ? Tensor.Vector(data[0]) : Tensor.Create(product.ChannelShape, data);
    }

    public static Scale ResultScale(Product product, Snap snap, double inputScale)
    {
        double[] scales = [.. snap.WeightScales.Select(sw => inputScale * sw)];
        return scales.All(s => s == scales[0]) ? Scale.PerTensor(scales[0]) : Scale.PerChannel(1, $"{product.Name}.scale", scales);
    }

    // y = W·x + b  ⇒  y = (W₁·x₁ + W₂·x₂ + …) + b, each partial sum clipped to what it can hold, so that the declared
    // precisions stay within 32.
    private static Value Split(Quantizer quantizer, Product product, WeightIntegers weights, Value data, Value? bias, Scale scale)
    {
        if (product.Groups != 1 || product.Taps > MaxTerms) throw Refused(product, "32 bits");
        int step = MaxTerms / product.Taps;
        Value? sum = null;
        for (int from = 0; from < product.Inputs; from += step)
        {
            int to = Math.Min(product.Inputs, from + step);
            var part = product.Emit(Slice(quantizer, data, from, to), Weights(quantizer, product, weights, from, to), null, scale);
            sum = sum is null
                ? Tight(quantizer, part)
                : Tight(quantizer, quantizer.Emit(CvmBinary.ElemwiseAdd, [sum, Tight(quantizer, part)], null, scale));
        }
        return bias is null ? sum! : quantizer.Emit(CvmBinary.BroadcastAdd, [sum!, bias], null, scale);
    }

    private static Value Slice(Quantizer quantizer, Value data, int from, int to)
    {
        var shape = data.Type.Shape;
        return quantizer.Emit(CvmShape.StridedSlice, [data],
            Attributes.Of(("begin", shape.Select((_, axis) => axis == 1 ? from : 0).ToArray()), ("end", shape.With(1, to))),
            data.Type.Scale!);
    }

    public static Value Tight(Quantizer quantizer, Value value)
    {
        int proven = quantizer.Ranges[value].All.Precision;
        return proven >= value.Type.Precision ? value
            : quantizer.Emit(CvmUnary.CvmClip, [value], Attributes.Of(("precision", proven)), value.Type.Scale!);
    }

    public static Diagnostics.DiagnosticException Refused(Product product, object target) => new(
        QuantizeCodes.NoRequantization, $"layer '{product.Name}': no multiplier and shift of 32 bits bring its sums to {target}", null,
        "its weights, bias or calibrated thresholds are out of all proportion to each other; look at them in the calibration file");
}

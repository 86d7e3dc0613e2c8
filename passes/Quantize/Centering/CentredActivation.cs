using System.Collections.Immutable;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Centering;

//  %2 = nn.conv2d(%1, @v, @a)                   %2 = nn.conv2d(%1, @v, @a - c)
//  %3 = nn.relu(%2)                : [0, 2c]    %3 = nn.max(%2, -c)                     : [-c, c]
//  %4 = nn.conv2d(%3, @w, @b) {padding}   ⇒    %4 = nn.concat(-c, %3, -c)              where the layer pads, once along each axis
//                                               %5 = nn.conv2d(%4, @w, @b + c · Σw) {centred = 1}
//
// What is never below zero uses half of the signed codes; centred it uses all: one bit more for the price of the padding (none where the
// layer has no padding). The relu is saturation, and so is the upper limit of a clip. c is half of what the codes of each channel reach.
// Data that others read as well, that no layer makes, or that goes a little below zero (swish, gelu), is centred by a difference:
// %3' = nn.sub(%3, c).
// Source: passes/Quantize/README.md §13.
internal static class CentredActivation
{
    /// <summary>The difference, and a requantization of its own for it.</summary>
    private const int DifferenceSteps = 3;

    /// <summary>Gas of one element that a concatenation makes: 5 for its memory, 1 for itself.</summary>
    private const long Element = 6;

    /// <summary>Data that goes further below zero, as a share of what it reaches, gains less than 2.5 dB.</summary>
    private const double Deepest = 0.5;

    /// <summary>Whether the layer's data is never below zero, or not far, and its bias may change.</summary>
    public static bool Applies(Operation layer) =>
        layer.Spec.Is(OpTraits.Product) && layer["weight"].IsConstant && HasConstantBias(layer)
        && layer["data"] is { Type.Shape: { Rank: 2 or 4 }, Type.Threshold: > 0 and var reach } data
        && LowestValue.Depth(data) is { } depth && depth <= Deepest * reach;

    /// <summary>Whether the layer's bias holds what its data's middle makes.</summary>
    public static bool IsMarked(Operation layer) => layer.Spec.Is(OpTraits.Product) && layer.Int(NnConv.Centred.Name) == 1;

    /// <summary>Whether the data is a relu's of a layer's result that nobody else reads: the layer in front makes it centred.</summary>
    private static bool IsFused(Operation layer) =>
        layer["data"] is { HasOneUse: true, Producer: { } relu } && IsRelu(relu)
        && relu["data"] is { HasOneUse: true, Producer: { } producer }
        && producer.Spec.Is(OpTraits.Product) && producer["weight"].IsConstant && HasConstantBias(producer);

    /// <summary>Where the data's codes would lie.</summary>
    /// <param name="narrow">Scales of the data while it is not centred.</param>
    public static CentredCodes Codes(Value data, Scale narrow) => CentredCodes.Of(data, narrow, LowestValue.Depth(data) ?? 0);

    /// <summary>The middles of a layer's data that was centred, padded or not; null for another layer.</summary>
    public static double[]? MiddlesOf(Operation layer)
    {
        if (!IsMarked(layer)) return null;
        var data = layer["data"];
        while (data.Producer is { } joined && joined.Spec == NnShape.Concat && joined.Int("axis") > 1
            && joined.Operands.Where(o => !o.IsConstant).ToList() is [var only]) data = only;
        return data.Producer is { } made ? Middle.Of(made) : null;
    }

    /// <summary>Gas of the padding, less that of the relu that goes, or more that of the difference.</summary>
    public static long Cost(Operation layer)
    {
        var shape = layer["data"].Type.Shape;
        long cost = (IsFused(layer) ? -1 : DifferenceSteps) * Element * shape.Count;
        if (Padding(layer) is not [var top, var left, var bottom, var right]) return cost;
        var rows = shape.With(2, (int)(shape[2] + top + bottom));
        if (top + bottom > 0) cost += Element * rows.Count;
        if (left + right > 0) cost += Element * rows.With(3, (int)(shape[3] + left + right)).Count;
        return cost;
    }

    /// <summary>Rewrites the layer and what is in front of it.</summary>
    /// <param name="narrow">Scales of the data while it is not centred.</param>
    /// <param name="name">Stem of the names of new constants.</param>
    /// <param name="standIns">Hears of the upper limit of a clip that becomes saturation; null where nobody follows values.</param>
    public static void Apply(Operation layer, Scale narrow, Rewriter rewriter, string name, StandIns? standIns = null)
    {
        var data = layer["data"];
        var (middles, reaches) = Codes(data, narrow);
        double? limit = data.Producer is { } clip && clip.Spec == NnUnary.Clip ? clip.Float("max") : null;
        // What was decided about a relu that goes is for what takes its place; data that stays is read by the difference.
        bool isFused = IsFused(layer);
        var centred = isFused ? Fused(layer, middles, rewriter, name) : Difference(layer, middles, rewriter, name);
        rewriter.SetType(centred, centred.Type with
        {
            Threshold = reaches.Max(),
            Channels = reaches.All(r => r == reaches[0]) ? null : new ChannelThresholds(1, $"{name}.within", [.. reaches]),
        });
        if (isFused && limit is { } most) standIns?.Limit(centred, [.. middles.Select(m => (float)(most - m))]);
        var padded = Padded(layer, centred, middles, rewriter, name);
        if (isFused) rewriter.SetType(padded, padded.Type with { Reading = data.Type.Reading });
        var bias = Raised(layer, middles);
        var old = data.Producer!;
        rewriter.SetOperand(layer, 0, padded);
        rewriter.SetAttributes(layer, layer.Attributes.With(NnConv.Centred.Name, 1L));
        var constant = rewriter.InsertConstant(layer, $"{name}.bias", bias);
        if (layer.Operand("bias") is not null) rewriter.SetOperand(layer, 2, constant);
        else WithBias(layer, constant, rewriter);
        rewriter.EraseDead(old);
    }

    //  relu(conv(x, w, b))   ⇒   max(conv(x, w, b - c), -c)
    private static Value Fused(Operation layer, double[] middles, Rewriter rewriter, string name)
    {
        var relu = layer["data"].Producer!;
        var producer = relu["data"].Producer!;
        var shifted = Shifted(producer, [.. middles.Select(m => -m)], rewriter, name);
        var floor = Constant(layer, $"{name}.floor", [.. middles.Select(m => (float)-m)], rewriter);
        return rewriter.Insert(layer, NnBinary.Max, [shifted, floor], RestoreFloat.Kept(relu, Attributes.Empty)).Result;
    }

    //  x   ⇒   x - c
    private static Value Difference(Operation layer, double[] middles, Rewriter rewriter, string name) =>
        rewriter.Insert(layer, NnBinary.Sub,
            [layer["data"], Constant(layer, $"{name}.middle", [.. middles.Select(m => (float)m)], rewriter)]).Result;

    /// <summary>One number for each channel of the layer's data.</summary>
    private static Value Constant(Operation layer, string name, float[] numbers, Rewriter rewriter)
    {
        int behind = layer["data"].Type.Shape.Rank - 2;
        return rewriter.InsertConstant(layer, name, Tensor.Create(Shape.Of([numbers.Length, .. Enumerable.Repeat(1, behind)]), numbers));
    }

    private static bool HasConstantBias(Operation layer) => layer.Operand("bias") is null or { IsConstant: true };

    private static bool IsRelu(Operation op) =>
        op.Spec == NnUnary.Relu || (op.Spec == NnUnary.Clip && op.Float("min") == 0 && op.Float("max") > 0);

    /// <summary>Rows above, columns left, rows below, columns right; null for a dense layer.</summary>
    private static long[]? Padding(Operation layer) => layer.Spec == NnConv.Conv2D ? [.. SlidingWindow.Of(layer).Padding] : null;

    /// <summary>The layer again with another bias; the values that it makes are no longer the network's own.</summary>
    private static Value Shifted(Operation layer, double[] by, Rewriter rewriter, string name)
    {
        var old = layer.Operand("bias")?.Constant!.Floats.ToArray();
        float[] bias = [.. by.Select((b, o) => (float)((old?[o] ?? 0) + b))];
        var constant = rewriter.InsertConstant(layer, $"{name}.lowered", Tensor.Create(Shape.Of(bias.Length), bias));
        var shifted = rewriter.Insert(layer, layer.Spec, [layer["data"], layer["weight"], constant], layer.Attributes);
        double most = by.Max(Math.Abs);
        rewriter.SetType(shifted.Result, shifted.Result.Type with { Threshold = (layer.Result.Type.Threshold ?? 0) + most });
        return shifted.Result;
    }

    private static void WithBias(Operation layer, Value bias, Rewriter rewriter)
    {
        var biased = rewriter.Insert(layer, layer.Spec, [layer["data"], layer["weight"], bias], layer.Attributes);
        rewriter.SetType(biased.Result, layer.Result.Type);
        if (layer.Result.Provenance is { } provenance) rewriter.SetProvenance(biased.Result, provenance);
        rewriter.Replace(layer.Result, biased.Result);
        rewriter.EraseDead(layer);
    }

    /// <summary>b + Σ w · c over the inputs and taps, in double, rounded once.</summary>
    private static Tensor<float> Raised(Operation layer, double[] middles)
    {
        var weight = layer["weight"].Constant!;
        var shape = weight.Tensor.Shape;
        int outputs = shape[0], inputs = shape[1], row = (int)(shape.Count / outputs), taps = row / inputs;
        int groups = layer.Spec == NnConv.Conv2D ? (int)layer.Int("groups") : 1, perGroup = outputs / groups;
        var weights = weight.Floats.ToArray();
        var old = layer.Operand("bias")?.Constant!.Floats.ToArray();
        var bias = new float[outputs];
        for (int o = 0; o < outputs; o++)
        {
            double sum = old?[o] ?? 0;
            for (int k = 0; k < row; k++) sum += weights[o * row + k] * middles[o / perGroup * inputs + k / taps];
            bias[o] = (float)sum;
        }
        return Tensor.Create(Shape.Of(outputs), bias);
    }

    private static Value Padded(Operation layer, Value data, double[] middles, Rewriter rewriter, string name)
    {
        if (Padding(layer) is not { } padding || padding.All(p => p == 0)) return data;
        rewriter.SetAttributes(layer, layer.Attributes.Without("padding"));
        return ConstantBorder.Around(
            layer, data, padding, [.. middles.Select(m => (float)-m)], $"{name}.border",
            made => rewriter.SetType(made, made.Type with { Threshold = data.Type.Threshold, Channels = data.Type.Channels }), rewriter);
    }
}

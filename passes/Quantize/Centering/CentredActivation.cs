using System.Collections.Immutable;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Centering;

//  %2 = nn.conv2d(%1, @v, @a)                    %2 = nn.conv2d(%1, @v, @a - c)
//  %3 = nn.relu(%2)                 : [0, 2c]    %3 = nn.max(%2, -c)                     : [-c, c]
//  %4 = nn.conv2d(%3, @w, @b) {padding}   ⇒     %4 = nn.concat(-c, %3, -c)              where the layer pads, once along each axis
//                                                %5 = nn.conv2d(%4, @w, @b + c · Σw)
//
// What is never below zero uses half of the signed codes; centred it uses all: one bit more for the price of the padding (none where the
// layer has no padding). The relu is saturation, and so is the upper limit of a clip. c is half of what the codes of each channel reach.
// Source: passes/Quantize/README.md §13.
internal static class CentredActivation
{
    /// <summary>Gas of one element that a concatenation makes: 5 for its memory, 1 for itself.</summary>
    private const long Element = 6;

    /// <summary>Whether the layer's data is a relu's, of a layer's result, that nobody else reads.</summary>
    public static bool Applies(Operation layer) =>
        layer.Spec.Is(OpTraits.Product) && layer["weight"].IsConstant && HasConstantBias(layer)
        && layer["data"] is { HasOneUse: true, Type.Shape: { Rank: 2 or 4 }, Type.Threshold: > 0, Producer: { } relu }
        && IsRelu(relu) && relu["data"] is { HasOneUse: true, Producer: { } producer }
        && producer.Spec.Is(OpTraits.Product) && producer["weight"].IsConstant && HasConstantBias(producer);

    /// <summary>
    /// Half of what the codes of each channel reach at its scale: the centred codes then have twice that scale, and weights that take the
    /// scales up are rounded as they would have been.
    /// </summary>
    /// <param name="narrow">Scales of the data while it is not centred.</param>
    public static double[] Middles(Value data, Scale narrow) =>
        [.. Enumerable.Range(0, data.Type.Shape[1]).Select(c => Precisions.Bound(DemandPrecision.Data) / narrow.At(c) / 2)];

    /// <summary>The middles of data that was centred, padded or not; null for other data.</summary>
    public static double[]? MiddlesOf(Value data)
    {
        while (data.Producer is { } joined && joined.Spec == NnShape.Concat && joined.Int("axis") > 1
            && joined.Operands.Where(o => !o.IsConstant).ToList() is [var only]) data = only;
        return data.Producer is { } floor ? Floor.Of(floor) : null;
    }

    /// <summary>Gas of the padding, less that of the relu that goes.</summary>
    public static long Cost(Operation layer)
    {
        var shape = layer["data"].Type.Shape;
        long cost = -Element * shape.Count;
        if (Padding(layer) is not [var top, var left, var bottom, var right]) return cost;
        var rows = shape.With(2, (int)(shape[2] + top + bottom));
        if (top + bottom > 0) cost += Element * rows.Count;
        if (left + right > 0) cost += Element * rows.With(3, (int)(shape[3] + left + right)).Count;
        return cost;
    }

    /// <summary>Rewrites the layer and what is in front of it.</summary>
    /// <param name="narrow">Scales of the data while it is not centred.</param>
    /// <param name="name">Stem of the names of new constants.</param>
    public static void Apply(Operation layer, Scale narrow, Rewriter rewriter, string name)
    {
        Value data = layer["data"], before = data.Producer!["data"];
        double[] middles = Middles(data, narrow);
        var shifted = Shifted(before.Producer!, [.. middles.Select(m => -m)], rewriter, name);
        int behind = data.Type.Shape.Rank - 2;
        var floor = rewriter.InsertConstant(layer, $"{name}.floor", Tensor.Create(
            Shape.Of([middles.Length, .. Enumerable.Repeat(1, behind)]), middles.Select(m => (float)-m).ToArray()));
        var centred = rewriter.Insert(layer, NnBinary.Max, [shifted, floor]).Result;
        rewriter.SetType(centred, centred.Type with
        {
            Threshold = middles.Max(),
            Channels = middles.All(m => m == middles[0]) ? null : new ChannelThresholds(1, $"{name}.within", [.. middles]),
        });
        var padded = Padded(layer, centred, middles, rewriter, name);
        var bias = Raised(layer, middles);
        var old = data.Producer!;
        rewriter.SetOperand(layer, 0, padded);
        var constant = rewriter.InsertConstant(layer, $"{name}.bias", bias);
        if (layer.Operand("bias") is not null) rewriter.SetOperand(layer, 2, constant);
        else WithBias(layer, constant, rewriter);
        rewriter.EraseDead(old);
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
        if (Padding(layer) is not [var top, var left, var bottom, var right]) return data;
        var padded = Along(2, data, top, bottom);
        padded = Along(3, padded, left, right);
        if (padded != data) rewriter.SetAttributes(layer, layer.Attributes.Without("padding"));
        return padded;

        Value Along(int axis, Value value, long before, long after)
        {
            if (before == 0 && after == 0) return value;
            List<Value> parts = [value];
            if (before > 0) parts.Insert(0, Border(value.Type.Shape.With(axis, (int)before)));
            if (after > 0) parts.Add(Border(value.Type.Shape.With(axis, (int)after)));
            var joined = rewriter.Insert(layer, NnShape.Concat, parts, Attributes.Of(("axis", axis))).Result;
            rewriter.SetType(joined, joined.Type with { Threshold = data.Type.Threshold, Channels = data.Type.Channels });
            return joined;
        }

        Value Border(Shape shape)
        {
            var border = Tensor.Zeros<float>(shape);
            int inner = shape[2] * shape[3];
            for (int i = 0; i < border.Length; i++) border.Data[i] = (float)-middles[i / inner % shape[1]];
            return rewriter.InsertConstant(layer, $"{name}.border", border);
        }
    }
}

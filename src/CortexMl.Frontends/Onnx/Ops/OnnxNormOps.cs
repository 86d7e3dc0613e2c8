using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Normalisation by mean and variance of the data at hand: <see cref="NnNorm.Normalize"/>, a factor and an offset.</summary>
internal static class OnnxNormOps
{
    public static readonly OnnxOp[] Rows =
    [
        new("LayerNormalization", "nn.normalize from axis on, nn.mul and nn.add; mean and 1 / deviation where they are read")
        {
            Import = n => Layer(n, n.Data(), scale: 1, bias: 2, center: true),
        },
        new("RMSNormalization", "nn.normalize from axis on, without center, and nn.mul")
        {
            Import = n => Layer(n, n.Data(), scale: 1, bias: 2, center: false),
        },
        new("SimplifiedLayerNormalization", "as RMSNormalization") { Import = n => Layer(n, n.Data(), scale: 1, bias: 2, center: false) },
        new("InstanceNormalization", "nn.normalize over all axes behind the channels, nn.mul and nn.add") { Import = Instance },
        new("GroupNormalization", "nn.normalize over groups of channels, nn.mul and nn.add; factors of channels, or of groups (opset 18)")
        {
            Import = Group,
        },
        new("MeanVarianceNormalization", "nn.normalize over the axes") { Import = MeanVariance },
        new("LpNormalization", "nn.l2_normalize for p 2, nn.div by a sum of magnitudes for p 1") { Import = Lp },
        new(OnnxOp.Microsoft + "SkipLayerNormalization", "nn.add, then as LayerNormalization; the sum may be read too")
        {
            Import = n => Skip(n, scale: 2, bias: 3, addend: 4, center: true),
        },
        new(OnnxOp.Microsoft + "SkipSimplifiedLayerNormalization", "nn.add, then as RMSNormalization; the sum may be read too")
        {
            Import = n => Skip(n, scale: 2, bias: -1, addend: 3, center: false),
        },
    ];

    private static Entry[] Layer(OnnxNode n, Value data, int scale, int bias, bool center)
    {
        int rank = data.Type.Shape.Rank, axis = n.Axis(n.Attributes.Int("axis", -1), rank);
        int[] axes = [.. Enumerable.Range(axis, rank - axis)];
        var offset = bias >= 0 && n.Has(bias) ? n.Data(bias) : null;
        var result = Affine(n, data, axes, center, n.Data(scale), offset);
        return [Entry.Of(n.OutputName(0), result), .. center && (n.Wants(1) || n.Wants(2)) ? Statistics(n, data, axes) : []];
    }

    /// <summary>The mean and 1 / √(σ² + ε) as outputs of their own.</summary>
    private static Entry[] Statistics(OnnxNode n, Value data, int[] axes)
    {
        string[] names = [Name(1, "mean"), Name(2, "root")];
        var mean = n.EmitAs(names[0], NnReduce.Mean, [data], ("axes", axes), ("keepdims", true));
        var squares = n.Step("squares", NnUnary.Square, [n.Step("apart", NnBinary.Sub, [data, mean])]);
        var variance = n.Step("variance", NnReduce.Mean, [squares], ("axes", axes), ("keepdims", true));
        var sum = n.Step("power", NnBinary.Add, [variance, n.Scalar(n.Attributes.Float("epsilon", 1e-5))]);
        return [Entry.Of(names[0], mean), Entry.Of(names[1], n.EmitAs(names[1], NnUnary.Rsqrt, [sum]))];

        string Name(int output, string step) => n.Gives(output) ? n.OutputName(output) : $"{n.OutputName(0)}.{step}";
    }

    /// <summary>normalize(data) · scale + bias; the last of them makes the node's result.</summary>
    private static Value Affine(OnnxNode n, Value data, int[] axes, bool center, Value scale, Value? bias)
    {
        double epsilon = n.Attributes.Float("epsilon", 1e-5);
        var normalized = center ? n.Step("normalized", NnNorm.Normalize, [data], ("axes", axes), ("epsilon", epsilon))
            : n.Step("normalized", NnNorm.Normalize, [data], ("axes", axes), ("epsilon", epsilon), ("center", false));
        return Scaled(n, normalized, scale, bias);
    }

    private static Value Scaled(OnnxNode n, Value normalized, Value scale, Value? bias) => bias is null
        ? n.Emit(NnBinary.Mul, [normalized, scale])
        : n.Emit(NnBinary.Add, [n.Step("scaled", NnBinary.Mul, [normalized, scale]), bias]);

    private static Entry[] Instance(OnnxNode n)
    {
        if (n.Rank < 3) throw n.Mismatch($"{n.Shape()} has nothing behind its channels");
        int[] axes = [.. Enumerable.Range(2, n.Rank - 2)];
        int channels = n.Shape()[1];
        return n.Out(Affine(n, n.Data(), axes, center: true, OfChannels(n, 1, channels), OfChannels(n, 2, channels)));
    }

    //  [N, C, …]   ⇒   [N, groups, C / groups · …], normalised over the last axis, and back
    private static Entry[] Group(OnnxNode n)
    {
        var shape = n.Shape();
        long groups = n.Attributes.Int("num_groups", 0);
        if (shape.Rank < 2) throw n.Mismatch($"{shape} has no channels");
        if (groups < 1 || shape[1] % groups != 0)
            throw n.Mismatch($"{Counted.Of(shape[1], "channel")} cannot be split into {Counted.Of(groups, "group")}");
        int[] split = [shape[0], (int)groups, (int)(shape.Count / shape[0] / groups)];
        var grouped = n.Step("groups", NnShape.Reshape, [n.Data()], ("shape", split));
        double epsilon = n.Attributes.Float("epsilon", 1e-5);
        var normalized = n.Step("normalized", NnNorm.Normalize, [grouped], ("axes", new[] { 2 }), ("epsilon", epsilon));
        if (n.Opset >= 21) return n.Out(Scaled(n, Back(normalized), OfChannels(n, 1, shape[1]), OfChannels(n, 2, shape[1])));
        var scaled = n.Step("scaled", NnBinary.Mul, [normalized, OfGroups(1)]);
        scaled = n.Step("offset", NnBinary.Add, [scaled, OfGroups(2)]);
        return n.Out(n.Emit(NnShape.Reshape, [scaled], ("shape", shape)));

        Value Back(Value value) => n.Step("back", NnShape.Reshape, [value], ("shape", shape));
        Value OfGroups(int index) => Vector(n, index, (int)groups, [(int)groups, 1]);
    }

    /// <summary>[C] as [C, 1, …], for the axes behind the channels.</summary>
    private static Value OfChannels(OnnxNode n, int index, int channels) =>
        Vector(n, index, channels, [channels, .. Enumerable.Repeat(1, n.Rank - 2)]);

    private static Value Vector(OnnxNode n, int index, int length, int[] shape)
    {
        var value = n.Data(index);
        if (value.Type.Shape.Count != length) throw n.Mismatch($"input {index} {value.Type.Shape} does not fit [{length}]");
        return n.Reshaped($"factor{index}", value, Shape.Of(shape));
    }

    private static Entry[] MeanVariance(OnnxNode n)
    {
        // What the operator's own definition adds to the deviation, so that nothing is divided by 0.
        const double epsilon = 1e-9 * 1e-9;
        var a = n.Attributes;
        if (!a.Bool("normalize_variance", true)) throw a.Unsupported("normalize_variance", "1");
        long[] usual = a.Bool("across_channels", false) ? [.. Enumerable.Range(1, n.Rank - 1)]
            : [0, .. Enumerable.Range(2, Math.Max(0, n.Rank - 2)).Select(axis => (long)axis)];
        int[] axes = [.. n.Axes(a.Ints("axes") ?? usual, n.Rank).Order()];
        return n.Out(n.Emit(NnNorm.Normalize, [n.Data()], ("axes", axes), ("epsilon", epsilon)));
    }

    private static Entry[] Lp(OnnxNode n)
    {
        int axis = n.Axis(n.Attributes.Int("axis", -1), n.Rank);
        if (n.Attributes.Int("p", 2) == 2) return n.Out(n.Emit(NnNorm.L2Normalize, [n.Data()], ("axis", axis)));
        n.Attributes.Require("p", 1);
        var total = n.Step(
            "total", NnReduce.Sum, [n.Step("magnitudes", NnUnary.Abs, [n.Data()])], ("axes", new[] { axis }), ("keepdims", true));
        return n.Out(n.Emit(NnBinary.Div, [n.Data(), total]));
    }

    //  y = normalize(input + skip + addend) · scale + bias; the fourth output is the sum
    private static Entry[] Skip(OnnxNode n, int scale, int bias, int addend, bool center)
    {
        var sum = n.Has(addend) ? Sum("skipped", [n.Data(0), n.Data(1)]) : Named([n.Data(0), n.Data(1)]);
        if (n.Has(addend)) sum = Named([sum, n.Data(addend)]);
        var results = Layer(n, sum, scale, bias, center);
        return
        [
            .. Enumerable.Range(0, Math.Min(n.OutputCount, 3))
                .Select(i => i < results.Length ? results[i] : Entry.Of(n.OutputName(i), sum)),
            .. n.Gives(3) ? new[] { Entry.Of(n.OutputName(3), sum) } : [],
        ];

        Value Sum(string step, Value[] operands) => n.Step(step, NnBinary.Add, operands);
        Value Named(Value[] operands) => n.Gives(3) ? n.EmitAs(n.OutputName(3), NnBinary.Add, operands) : Sum("sum", operands);
    }
}

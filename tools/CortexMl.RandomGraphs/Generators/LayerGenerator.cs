using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using CsCheck;

namespace CortexMl.RandomGraphs;

/// <summary>
/// Networks as compilers make them: layers with windows, strides and dilation of all kinds, requantized, with branches that are added.
/// </summary>
public static class LayerGenerator
{
    public static readonly Gen<(Graph Graph, int Seed)> Networks = Of(hasTables: false);

    /// <summary>The same with functions that tables hold, behind layers, before and behind additions, and alone.</summary>
    public static readonly Gen<(Graph Graph, int Seed)> NetworksWithTables = Of(hasTables: true);

    private static Gen<(Graph Graph, int Seed)> Of(bool hasTables) =>
        Gen.Select(Gen.Int[0, 1_000_000].Array[20, 80], Gen.Int[0, int.MaxValue],
            (choices, seed) => (Make(new Choices(choices), new Random(seed), hasTables), seed));

    private static Graph Make(Choices choices, Random random, bool hasTables)
    {
        var build = new GraphBuilder("layers", Level.Cvm);
        var shape = Shape.Of(1 + choices.Next(2), choices.Of(1, 3, 4, 5, 16, 20, 32, 33), 1 + choices.Next(12), 1 + choices.Next(12));
        var value = build.Input("x", TensorType.Integer(choices.Of(8, 8, 5), shape));
        for (int layer = 0; choices.More && layer < 6; layer++)
        {
            if (choices.OneIn(2)) value = build.Op(CvmUnary.Relu, [value]);
            value = Requantize(build, choices, Layer(build, choices, random, value), choices.Of(8, 8, 8, 12, 17));
            if (hasTables && choices.OneIn(2)) value = Function(build, choices, random, value);
            if (choices.OneIn(3)) value = Branch(build, choices, random, value);
            if (hasTables && choices.OneIn(3)) value = Function(build, choices, random, value);
            value = Requantize(build, choices, value, 8);
        }
        if (choices.OneIn(2))
            build.Output(build.Op(CvmReduce.Sum, [value], Attributes.Of(("axis", new long[] { 2, 3 }), ("keepdims", choices.OneIn(2)))));
        var flat = build.Op(CvmShape.Flatten, [value]);
        int units = 1 + choices.Next(20);
        var head = build.Op(CvmConv.Dense, [flat, Weights(build, random, Shape.Of(units, flat.Type.Shape[1]), 127)],
            Attributes.Of(("units", units), ("use_bias", false)));
        build.Output(head);
        return build.Build();
    }

    private static Value Layer(GraphBuilder build, Choices choices, Random random, Value value)
    {
        var shape = value.Type.Shape;
        switch (choices.Next(9))
        {
            case 0: return build.Op(CvmPool.UpSampling, [value], Attributes.Of(("scale", shape[2] > 8 || shape[3] > 8 ? 1 : 2)));
            case 1 when shape[2] > 2 && shape[3] > 2:
                return build.Op(CvmPool.MaxPool2D, [value],
                    Attributes.Of(("pool_size", new long[] { 3, 2 }), ("strides", new long[] { 2, 1 }), ("padding", new long[] { 1, 0 })));
            case 2: return Convolve(build, choices, random, value, shape[1], shape[1]);
            case 3 when choices.Of(2, 3, 4, 5, 8, 11) is var groups
                && shape[1] % groups == 0:
                return Convolve(build, choices, random, value, groups * choices.Of(1, 3, 5, 16), groups);
            case 4:
                return build.Op(CvmShape.Concatenate, Shuffle(choices, [value, Narrow(build, choices, random, value)]),
                Attributes.Of(("axis", 1 + choices.Next(3))));
            case 5: return Slice(build, choices, value);
            default: return Convolve(build, choices, random, value, choices.Of(1, 5, 16, 17, 40), 1);
        }
    }

    private static Value Convolve(GraphBuilder build, Choices choices, Random random, Value value, int channels, int groups)
    {
        var shape = value.Type.Shape;
        long dilation = 1 + choices.Next(2), rows = 1 + choices.Next(3), columns = 1 + choices.Next(3), padding = choices.Next(4);
        if (Extent(rows) > shape[2] + (2 * padding) || Extent(columns) > shape[3] + (2 * padding)) (rows, columns) = (1, 1);
        var attributes = Attributes.Of(
            ("channels", channels), ("groups", groups), ("kernel_size", new[] { rows, columns }),
            ("dilation", new[] { dilation, dilation }),
            ("padding", new[] { padding, padding }), ("strides", new long[] { 1 + choices.Next(2), 1 + choices.Next(2) }),
            ("use_bias", choices.OneIn(2)));
        var weights = Weights(build, random, Shape.Of(channels, shape[1] / groups, (int)rows, (int)columns), choices.Of(127, 127, 7));
        return ((AttributeValue.Bool)attributes["use_bias"]!).Value
            ? build.Op(CvmConv.Conv2D, [value, weights, Weights(build, random, Shape.Of(channels), 5000)], attributes)
            : build.Op(CvmConv.Conv2D, [value, weights], attributes);

        long Extent(long size) => ((size - 1) * dilation) + 1;
    }

    private static Value Narrow(GraphBuilder build, Choices choices, Random random, Value value) =>
        build.Op(CvmUnary.CvmClip, [Convolve1X1(build, random, value)], Attributes.Of(("precision", choices.Of(5, 8, 12))));

    private static Value[] Shuffle(Choices choices, Value[] pair) => choices.OneIn(2) ? pair : [pair[1], pair[0]];

    private static Value Slice(GraphBuilder build, Choices choices, Value value)
    {
        var shape = value.Type.Shape;
        long[] begin = [0, choices.Next(shape[1]), choices.Next(shape[2]), choices.Next(shape[3])],
        end = [shape[0], shape[1], shape[2], shape[3]];
        return choices.OneIn(2)
            ? build.Op(CvmShape.StridedSlice, [value],
                Attributes.Of(("begin", begin), ("end", end), ("stride", new long[] { 1, 1, 1 + choices.Next(2), 1 + choices.Next(3) })))
            : build.Op(CvmShape.StridedSlice, [value],
                Attributes.Of(("begin", new long[] { -1, begin[1], -1 }), ("end", new long[] { shape[0], shape[1], -5000 }),
                ("stride", new long[] { 1, 1, -1 })));
    }

    private static Value Branch(GraphBuilder build, Choices choices, Random random, Value value)
    {
        var other = build.Op(CvmUnary.CvmClip, [Convolve1X1(build, random, value)], Attributes.Of(("precision", 8 + choices.Next(8))));
        return build.Op(
            choices.OneIn(2) ? CvmBinary.ElemwiseSub : CvmBinary.ElemwiseAdd, choices.OneIn(2) ? [value, other] : [other, value]);
    }

    private static Value Convolve1X1(GraphBuilder build, Random random, Value value)
    {
        int channels = value.Type.Shape[1];
        var narrow = build.Op(CvmUnary.CvmClip, [value], Attributes.Of(("precision", 8)));
        return build.Op(CvmConv.Conv2D, [narrow, Weights(build, random, Shape.Of(channels, channels, 1, 1), 127)],
            Attributes.Of(("channels", channels), ("kernel_size", new long[] { 1, 1 }), ("use_bias", false)));
    }

    private static Value Requantize(GraphBuilder build, Choices choices, Value value, int precision)
    {
        if (choices.OneIn(4)) value = build.Op(CvmUnary.Relu, [value]);
        int channels = value.Type.Shape[1];
        if (value.Type.Precision <= 24 && choices.OneIn(2))
            value = build.Op(
                CvmBinary.BroadcastMul, [value, build.Constant("m", Tensor.Create(Shape.Of(channels, 1, 1), Factors(channels)), 8)]);
        int shift = Math.Clamp(value.Type.Precision - precision, 1, 20);
        return choices.OneIn(5)
            ? build.Op(CvmUnary.Clip, [value], Attributes.Of(("a_min", -3), ("a_max", (1 << (precision - 2)) - 1)))
            : build.Op(CvmUnary.CvmRightShift, [value], Attributes.Of(("precision", precision), ("shift_bit", shift)));
    }

    /// <summary>A table of entries of some width; a line beside it has the table alone behind what both read.</summary>
    private static Value Function(GraphBuilder build, Choices choices, Random random, Value value)
    {
        int count = choices.Of(1, 2, 9, 255, 511, 1023, 4001), bound = choices.Of(127, 255, 5000, 100_000);
        var index = value;
        var shift = Attributes.Of(("precision", 6 + choices.Next(6)), ("shift_bit", 1 + choices.Next(4)));
        if (choices.OneIn(2)) index = build.Op(CvmUnary.CvmRightShift, [index], shift);
        if (!choices.OneIn(4))
            index = build.Op(CvmBinary.BroadcastAdd, [index, build.Constant("o", Tensor.Vector(choices.Of(count / 2, 5, -5)), 14)]);
        var table = build.Constant(
            "t", Tensor.Vector([.. Enumerable.Range(0, count).Select(_ => random.Next(bound == 255 ? 0 : -bound, bound + 1))]), 18);
        var result = build.Op(CvmLookup.CvmLut, [index, table], Attributes.Of(("in_dim", count)));
        return choices.OneIn(3) ? build.Op(CvmBinary.ElemwiseAdd, [build.Op(CvmUnary.Relu, [value]), result]) : result;
    }

    private static int[] Factors(int channels) => [.. Enumerable.Range(0, channels).Select(c => (c * 37 % 100) + 1)];

    private static Value Weights(GraphBuilder build, Random random, Shape shape, int bound) => build.Constant(
        "w", Tensor.Create(shape,
            Enumerable.Range(0, (int)shape.Count).Select(_ => random.Next(5) == 0 ? bound : random.Next(-bound, bound + 1)).ToArray()),
            bound > 127 ? 14 : 8);
}

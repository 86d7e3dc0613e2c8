using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that contract with weights, and the normalisation that folds into them.</summary>
public static class NnConv
{
    /// <summary>Changes nothing in float: as how many bits quantize makes a layer see its data and its weights, 8 or 15 each.</summary>
    public static AttributeSpec Bits { get; } =
        Ints("bits", "bits of data and of weights as integers: 8, or 15 in two parts", [8, 8], min: 8, max: 15, count: 2);

    /// <summary>The same of the operands of a product of two values.</summary>
    public static AttributeSpec OperandBits { get; } = Bits with { Doc = "bits of a and of b as integers: 8, or 15 in two parts" };

    /// <summary>
    /// Changes nothing in float: 1 says that the data is some value less the middle of each channel's range, and that the bias holds the
    /// weights times the middles, which quantize then takes of the weights as it rounds them.
    /// </summary>
    public static AttributeSpec Centred { get; } = Int("centred", "1 where the bias makes up for data with its middle at 0", 0, min: 0);

    /// <summary>Cross-correlation as neural networks call convolution; zero padding.</summary>
    public static readonly OpSpec Conv2D = new("nn.conv2d")
    {
        Doc = "2-D convolution of [N, C, H, W] with [O, C/groups, KH, KW]",
        Operands = [NnRule.Image, new("weight", "[O, C/groups, KH, KW]"), new("bias", "[O]", Arity.Optional)],
        Attributes =
        [
            Pair("kernel", "height and width of the window"),
            Pair("strides", "step of the window", 1),
            Ints("padding", "zeros around the image: height, width or top, left, bottom, right", [0, 0], min: 0),
            Pair("dilation", "distance of neighbouring taps", 1),
            Int("groups", "channel groups that are convolved apart", 1, min: 1),
            Bits, Centred,
        ],
        Shapes = ConvShape,
        Levels = Level.Float,
        Traits = OpTraits.Product,
    };

    /// <summary>y[…, u] = Σ_k data[…, k] · weight[u, k] + bias[u]; nothing is flattened.</summary>
    public static readonly OpSpec Dense = new("nn.dense")
    {
        Doc = "Fully connected layer over the last axis",
        Operands = [new("data", "[…, K], rank at least 2"), new("weight", "[units, K]"), new("bias", "[units]", Arity.Optional)],
        Attributes = [Bits, Centred],
        Shapes = DenseShape,
        Levels = Level.Float,
        Traits = OpTraits.Product,
    };

    /// <summary>(data - mean) / √(var + epsilon) · gamma + beta along the axis.</summary>
    public static readonly OpSpec BatchNorm = new("nn.batch_norm")
    {
        Doc = "Batch normalisation with fixed statistics",
        Operands = [NnRule.Data, new("gamma", "[C]"), new("beta", "[C]"), new("mean", "[C]"), new("var", "[C], not negative")],
        Attributes = [Float("epsilon", "added to the variance", 1e-5), Int("axis", "channel axis", 1)],
        Shapes = op =>
        {
            var data = op.Shape(0);
            int channels = data[NnRule.Axis(op, op.Int("axis"), data.Rank)];
            for (int i = 1; i < 5; i++) NnRule.Vector(op, i, channels, "channels");
            return [data];
        },
        Levels = Level.Float,
    };

    /// <summary>NumPy's matmul for rank 2 and more: leading axes broadcast.</summary>
    public static readonly OpSpec MatMul = new("nn.matmul")
    {
        Doc = "Matrix product of the last two axes, leading axes broadcast",
        Operands = [new("a", "[…, M, K]"), new("b", "[…, K, N]")],
        Attributes = [OperandBits],
        Shapes = MatMulShape,
        Levels = Level.Float,
    };

    private static IReadOnlyList<Shape> ConvShape(IOperation op)
    {
        Shape data = NnRule.Nchw(op), weight = op.Shape(1);
        if (weight.Rank != 4) throw op.Logic($"weight {weight} has rank {weight.Rank}", "expected [O, C/groups, KH, KW]");
        long channels = data[1], groups = op.Int("groups");
        var window = SlidingWindow.Of(op);
        if (channels % groups != 0) throw op.Logic($"{Counted.Of(channels, "channel")} cannot be split into {Counted.Of(groups, "group")}");
        if (weight[0] % groups != 0)
            throw op.Logic(
                $"{Counted.Of(weight[0], "output channel")} of weight {weight} cannot be split into {Counted.Of(groups, "group")}");
        if (weight[1] != channels / groups)
        {
            string given = $"{channels} / {groups} = {Counted.Of(channels / groups, "is", "are")} given";
            throw op.Logic($"weight {weight} does not fit data {data}: {Counted.Of(weight[1], "input channel")} where {given}");
        }
        if (weight[2] != window.Rows.Kernel || weight[3] != window.Columns.Kernel)
            throw op.Logic($"weight {weight} does not fit kernel {op.Get("kernel")}");
        if (op.Has(2)) NnRule.Vector(op, 2, weight[0], "output channels");
        CheckBits(op);
        var (h, w) = NnWindowRule.Positions(op, window, data);
        return [NnRule.Make(op, data[0], weight[0], h, w)];
    }

    private static IReadOnlyList<Shape> DenseShape(IOperation op)
    {
        Shape data = op.Shape(0), weight = op.Shape(1);
        if (data.Rank < 2) throw op.Logic($"data {data} has rank {data.Rank}", "at least 2 is needed");
        if (weight.Rank != 2) throw op.Logic($"weight {weight} has rank {weight.Rank}", "expected [units, K]");
        if (weight[1] != data[^1]) throw op.Logic($"weight {weight} does not fit data of {Counted.Of(data[^1], "column")}");
        if (op.Has(2)) NnRule.Vector(op, 2, weight[0], "units");
        CheckBits(op);
        return [NnRule.Make(op, [.. data.Take(data.Rank - 1), weight[0]])];
    }

    private static void CheckBits(IOperation op)
    {
        if (op.Ints(Bits.Name).Any(b => b is not (8 or 15))) throw op.Logic($"bits of {op.Get(Bits.Name)}", "8 or 15 bits are possible");
    }

    private static IReadOnlyList<Shape> MatMulShape(IOperation op)
    {
        Shape a = op.Shape(0), b = op.Shape(1);
        if (a.Rank < 2 || b.Rank < 2) throw op.Logic($"{a} times {b}: both need rank 2 or more");
        if (a[^1] != b[^2])
            throw op.Logic($"{a} times {b}: {Counted.Of(a[^1], "column meets", "columns meet")} {Counted.Of(b[^2], "row")}");
        var batch = Shape.Broadcast(Shape.Of(a.Take(a.Rank - 2)), Shape.Of(b.Take(b.Rank - 2)))
            ?? throw op.Logic($"{a} times {b}: the leading axes do not broadcast");
        CheckBits(op);
        return [NnRule.Make(op, [.. batch, a[^2], b[^1]])];
    }
}

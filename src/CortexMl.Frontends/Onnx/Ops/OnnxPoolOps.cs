using CortexMl.Diagnostics;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Pools.</summary>
internal static class OnnxPoolOps
{
    private const long LargestKernel = 4096;

    public static readonly OnnxOp[] Rows =
    [
        new("MaxPool", "nn.max_pool2d, of three spatial axes once more along the depth; without Indices") { Import = MaxPool },
        new("AveragePool", "nn.avg_pool2d, of three spatial axes once more along the depth; with dilations nn.conv2d with ones and nn.mul")
        {
            Import = AveragePool,
        },
        new("GlobalAveragePool", "nn.global_avg_pool, or nn.reduce_mean for other ranks")
        {
            Import = n => Global(n, NnPool.GlobalAvgPool, NnReduce.Mean),
        },
        new("GlobalMaxPool", "nn.global_max_pool, or nn.reduce_max for other ranks")
        {
            Import = n => Global(n, NnPool.GlobalMaxPool, NnReduce.Max),
        },
        new("LpPool", "a power of magnitudes, nn.conv2d with ones, and the root") { Import = LpPool },
        new("GlobalLpPool", "a power of magnitudes, nn.reduce_sum, and the root") { Import = GlobalLpPool },
        OnnxOp.Refused("MaxRoiPool", "where it samples depends on the data"),
        OnnxOp.Refused("RoiAlign", "where it samples depends on the data"),
        OnnxOp.Refused("MaxUnpool", "it needs the indices of a MaxPool, which depend on the data"),
    ];

    private static Entry[] MaxPool(OnnxNode n)
    {
        if (n.Wants(1)) throw n.Refused("the output Indices is used", "it depends on the data");
        // Of quantized data too: the largest integer stands for the largest real number.
        return n.Moved(Pooled(n, n.AnyData(), Largest), n.Input());
    }

    private static Entry[] AveragePool(OnnxNode n) => n.Out(Pooled(n, n.Data(), Average));

    //  (Σ |x|^p)^(1/p)
    private static Entry[] LpPool(OnnxNode n) => n.Out(Root(n, Pooled(n, Power(n), (_, step, w) => Sum(n, step, w).Value, "sums")));

    private static Entry[] GlobalLpPool(OnnxNode n)
    {
        if (n.Rank < 3) throw n.Mismatch($"data {n.Shape()} has no spatial axes");
        return n.Out(Root(n, n.Step(
            "sums", NnReduce.Sum, [Power(n)], ("axes", Enumerable.Range(2, n.Rank - 2).ToArray()), ("keepdims", true))));
    }

    private static double Exponent(OnnxNode n) =>
        (n.Opset < 2 ? n.Attributes.Float("p", 2) : n.Attributes.Int("p", 2)) is >= 1 and var p ? p
        : throw n.Attributes.Unsupported("p", "1 and more");

    private static Value Power(OnnxNode n)
    {
        double p = Exponent(n);
        if (p == 2) return n.Step("powers", NnUnary.Square, [n.Data()]);
        var magnitudes = n.Step("magnitudes", NnUnary.Abs, [n.Data()]);
        return p == 1 ? magnitudes : n.Step("powers", NnBinary.Pow, [magnitudes, n.Floats("p", Tensor.Scalar((float)p))]);
    }

    private static Value Root(OnnxNode n, Value sums) => Exponent(n) switch
    {
        1 => n.Emit(NnUnary.Identity, [sums]),
        2 => n.Emit(NnUnary.Sqrt, [sums]),
        var p => n.Emit(NnBinary.Pow, [sums, n.Floats("root", Tensor.Scalar((float)(1 / p)))]),
    };

    /// <summary>The pool's result: of three spatial axes in two pools.</summary>
    /// <param name="step">Null where it is the node's.</param>
    private static Value Pooled(OnnxNode n, Value data, Pool pool, string? step = null)
    {
        if (OnnxWindow.IsVolume(n))
        {
            var axes = OnnxWindow.Axes(n);
            var (columns, shape) = Volumes.Pooled(n, data, axes[0], new(axes[1], axes[2]),
                (part, value, window) => window.IsPointwise ? value : pool(n, part, new(false, value, window)));
            return step is null ? n.Emit(NnShape.Reshape, [columns], ("shape", shape))
                : n.Step(step, NnShape.Reshape, [columns], ("shape", shape));
        }
        return pool(n, step, OnnxWindow.Of(n, data));
    }

    private static Value Largest(OnnxNode n, string? step, OnnxWindow w)
    {
        var attributes = Attributes(n, w.Window);
        if (w.Window.IsDilated) attributes.Add(("dilation", w.Window.Dilation));
        return OnnxWindow.Result(n, step, w.IsFlat, NnPool.MaxPool2D, [w.Data], [.. attributes]);
    }

    private static Value Average(OnnxNode n, string? step, OnnxWindow w)
    {
        if (w.Window.IsDilated) return Dilated(n, step, w);
        var attributes = Attributes(n, w.Window);
        if (w.Window.HasPadding) attributes.Add(("count_include_pad", n.Attributes.Bool("count_include_pad", false)));
        return OnnxWindow.Result(n, step, w.IsFlat, NnPool.AvgPool2D, [w.Data], [.. attributes]);
    }

    //  avg_pool(x; dilation d)   ⇒   conv2d(x, ones; dilation d) · 1/n, with the number n of elements that count at each position
    private static Value Dilated(OnnxNode n, string? step, OnnxWindow w)
    {
        var data = w.Data.Type.Shape;
        var (rows, columns) = w.Window;
        bool countsPadding = n.Attributes.Bool("count_include_pad", false);
        var (sum, counts) = Sum(n, step is null ? "sum" : $"{step}.sum", w with { IsFlat = false });
        var shape = n.Reserve(counts, DType.F32);
        double[] down = Taps(rows, data[2], counts[0]), across = Taps(columns, data[3], counts[1]);
        var shares = Tensor.Create(shape, [.. down.SelectMany(r => across.Select(c => (float)(1 / (r * c))))]);
        var factors = n.Floats(step is null ? "shares" : $"{step}.shares", shares);
        return OnnxWindow.Result(n, step, w.IsFlat, NnBinary.Mul, [sum, factors]);

        double[] Taps(WindowAxis axis, long size, long positions) => [.. Enumerable.Range(0, (int)positions).Select(at =>
        {
            var (from, to) = axis.Taps(at, size);
            return (double)(countsPadding ? axis.PaddedTaps(at, size) : Math.Max(0, to - from));
        })];
    }

    /// <summary>What the window sees, summed at each of its positions down and across.</summary>
    private static (Value Value, long[] Positions) Sum(OnnxNode n, string? step, OnnxWindow w)
    {
        var data = w.Data.Type.Shape;
        var (rows, columns) = w.Window;
        bool roundsUp = n.Attributes.Bool("ceil_mode", false);
        long[] counts = [Positions(rows, data[2]), Positions(columns, data[3])];
        int channels = data[1];
        var ones = Tensor.Zeros<float>(n.Reserve([channels, 1, .. w.Window.Kernel], DType.F32));
        Array.Fill(ones.Data, 1f);
        var covering = new SlidingWindow(
            rows with { After = rows.After + rows.Beyond(data[2], counts[0]) },
            columns with { After = columns.After + columns.Beyond(data[3], counts[1]) });
        Value[] operands = [w.Data, n.Floats(step is null ? "ones" : $"{step}.ones", ones)];
        return (OnnxWindow.Result(n, step, w.IsFlat, NnConv.Conv2D, operands, ConvAttributes.Of(covering, channels)), counts);

        long Positions(WindowAxis axis, long size)
        {
            long padded = size + axis.Before + axis.After;
            if (axis.Extent > padded || axis.Kernel > LargestKernel)
                throw n.Mismatch($"a window of {axis.Kernel} with dilation {axis.Dilation} does not fit {Counted.Of(padded, "element")}");
            long whole = axis.Positions(size), all = roundsUp ? axis.PositionsRoundedUp(size) : whole;
            return axis.StartsBehind(all - 1, size) ? whole : all;
        }
    }

    private static List<(string, AttributeValue)> Attributes(OnnxNode n, SlidingWindow window)
    {
        var attributes = new List<(string, AttributeValue)> { ("kernel", window.Kernel) };
        if (window.Strides is not [1, 1]) attributes.Add(("strides", window.Strides));
        if (window.HasPadding) attributes.Add(("padding", window.Padding));
        if (n.Attributes.Bool("ceil_mode", false)) attributes.Add(("ceil_mode", true));
        return attributes;
    }

    private static Entry[] Global(OnnxNode n, OpSpec image, OpSpec reduce)
    {
        if (n.Rank < 3) throw n.Mismatch($"data {n.Shape()} has no spatial axes");
        return n.Out(n.Rank == 4 ? n.Emit(image, [n.Data()])
            : n.Emit(reduce, [n.Data()], ("axes", Enumerable.Range(2, n.Rank - 2).ToArray()), ("keepdims", true)));
    }

    /// <summary>A pool by a window; the node's result where it has no step.</summary>
    private delegate Value Pool(OnnxNode n, string? step, OnnxWindow window);
}

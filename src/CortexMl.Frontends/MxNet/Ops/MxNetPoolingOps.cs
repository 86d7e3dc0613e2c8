using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Pools and other windows.</summary>
internal static class MxNetPoolingOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Pooling", "_npx_pooling")
        {
            Doc = "nn.max_pool2d, nn.avg_pool2d, nn.global_avg_pool or nn.global_max_pool; of three spatial axes once more along the "
                + "depth; layout NCW, NCHW or NCDHW",
            Attributes =
            [
                new("kernel", "()", "required unless global_pool"), new("pool_type", "max", "max, avg or sum"),
                    new("global_pool", "False"), new("stride", "()"),
                new("pad", "()"),
                new("pooling_convention", "valid", "valid rounds the size down, full up, same gives size / stride rounded up"),
                new("count_include_pad", "True"), new("layout", "None", "NCHW, NCW or NCDHW"),
            ],
            Import = Pooling,
        },
        new("_contrib_AdaptiveAvgPooling2D", "AdaptiveAvgPooling2D")
        {
            Doc = "nn.global_avg_pool, or nn.avg_pool2d where output_size divides the image's size",
            Attributes = [new("output_size", "()", "height and width; 1 when absent")],
            Import = AdaptiveAverage,
        },
    ];

    private static Value[] Pooling(NodeImport n)
    {
        var a = n.Attributes;
        string type = a.Choice("pool_type", "max", "avg", "sum");
        if (a.Bool("global_pool")) return [Global(n, type)];
        var window = MxNetWindow.Of(n);
        if (window.Depth is { } depth)
        {
            var (columns, shape) = Volumes.Pooled(n, window.Data, depth, window.Window, (step, data, sliding) => sliding.IsPointwise ? data
                : Pool(n, type, data, sliding, (row, operands, attributes) => n.Step(step, row, operands, attributes)));
            return [n.Emit(NnShape.Reshape, [columns], ("shape", shape))];
        }
        return [Pool(n, type, window.Data, window.Window, window.Emit)];
    }

    /// <summary>A pool over the last two axes.</summary>
    private static Value Pool(NodeImport n, string type, Value data, SlidingWindow window, EmitRow last)
    {
        var a = n.Attributes;
        var shape = data.Type.Shape;
        long[] pad = window.Padding[..2];
        var attributes = new List<(string, AttributeValue)> { ("kernel", window.Kernel) };
        if (window.Strides is not [1, 1]) attributes.Add(("strides", window.Strides));
        bool countPadding = a.Bool("count_include_pad");
        switch (a.Choice("pooling_convention", "valid", "full", "same"))
        {
            case "full" when RoundsUp(n, window, shape):
                attributes.Add(("ceil_mode", true));
                break;
            case "same":
                pad = SamePadding(n, window, shape, type);
                countPadding = false;
                break;
        }
        if (Array.Exists(pad, p => p != 0))
        {
            attributes.Add(("padding", pad));
            if (type != "max" && !countPadding) attributes.Add(("count_include_pad", false));
        }
        if (type == "max") return last(NnPool.MaxPool2D, [data], [.. attributes]);
        return type == "avg" ? last(NnPool.AvgPool2D, [data], [.. attributes]) : Sum(n, data, window, attributes, last);
    }

    /// <summary>A sum is the mean times the window's size where every window counts all of it; zeros of the padding do.</summary>
    private static Value Sum(
        NodeImport n, Value data, SlidingWindow window, List<(string, AttributeValue)> attributes, EmitRow last)
    {
        attributes.RemoveAll(x => x.Item1 == "count_include_pad");
        if (attributes.Exists(x => x.Item1 == "ceil_mode"))
            throw n.Attributes.Unsupported("pool_type", "max or avg where the last window is cut off");
        var mean = n.Step("mean", NnPool.AvgPool2D, [data], [.. attributes]);
        return last(NnBinary.Mul, [mean, n.Scalar(window.TapCount)]);
    }

    private static Value Global(NodeImport n, string type)
    {
        if (n.Rank is not (3 or 4 or 5)) throw n.Mismatch($"data has rank {n.Rank}; [N, C, W] to [N, C, D, H, W] is needed");
        if (n.Rank == 4 && type != "sum") return n.Emit(type == "max" ? NnPool.GlobalMaxPool : NnPool.GlobalAvgPool, [n.Data()]);
        var row = type switch { "max" => NnReduce.Max, "avg" => NnReduce.Mean, _ => NnReduce.Sum };
        return n.Emit(row, [n.Data()], ("axes", Enumerable.Range(2, n.Rank - 2).ToArray()), ("keepdims", true));
    }

    private static Value[] AdaptiveAverage(NodeImport n)
    {
        long[] size = n.Attributes.Ints("output_size");
        if (size.Length == 0) size = [1];
        if (size.Length == 1) size = [size[0], size[0]];
        if (n.Rank != 4) throw n.Mismatch($"data has rank {n.Rank}; [N, C, H, W] is needed");
        var data = n.Data().Type.Shape;
        if (size is [1, 1]) return [n.Emit(NnPool.GlobalAvgPool, [n.Data()])];
        if (size.Length != 2 || size[0] < 1 || size[1] < 1 || data[2] % size[0] != 0 || data[3] % size[1] != 0)
            throw n.Attributes.Unsupported("output_size", $"sizes that divide the image's {data[2]} x {data[3]}");
        long[] kernel = [data[2] / size[0], data[3] / size[1]];
        return [n.Emit(NnPool.AvgPool2D, [n.Data()], ("kernel", kernel), ("strides", kernel))];
    }

    /// <summary>
    /// Whether rounding up adds a window. Ours drops one that starts in the trailing padding, MXNet keeps it: such a model is refused.
    /// </summary>
    private static bool RoundsUp(NodeImport n, SlidingWindow window, Shape data)
    {
        return RoundsUp(window.Rows, data[2]) | RoundsUp(window.Columns, data[3]);

        bool RoundsUp(WindowAxis axis, long size)
        {
            if (axis.Extent > size + axis.Before + axis.After) return false;
            long positions = axis.PositionsRoundedUp(size);
            if (positions == axis.Positions(size)) return false;
            return axis.StartsBehind(positions - 1, size)
                ? throw n.Attributes.Unsupported("pooling_convention", "valid here: the last window would lie wholly in the padding")
                : true;
        }
    }

    /// <summary>Padding (top, left, bottom, right) under which size / stride, rounded up, windows fit.</summary>
    private static long[] SamePadding(NodeImport n, SlidingWindow window, Shape data, string type)
    {
        if (type == "avg" && window.HasPadding)
            throw n.Attributes.Unsupported("pooling_convention", "valid or full for averages of a padded image");
        return [.. window.Padding[..2], After(window.Rows, data[2]), After(window.Columns, data[3])];

        static long After(WindowAxis axis, long size) => axis.Behind(size, (size + axis.Stride - 1) / axis.Stride);
    }
}

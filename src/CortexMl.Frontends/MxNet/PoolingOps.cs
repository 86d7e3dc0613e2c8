using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet;

/// <summary>Pools and other windows.</summary>
internal static class PoolingOps
{
    public static readonly MxNetOp[] Rows =
    [
        new("Pooling")
        {
            Doc = "nn.max_pool2d, nn.avg_pool2d, nn.global_avg_pool or nn.global_max_pool; two-dimensional, layout NCHW",
            Attributes =
            [
                new("kernel", "()", "required unless global_pool"), new("pool_type", "max", "max, avg or sum"),
                    new("global_pool", "False"), new("stride", "()"),
                new("pad", "()"), new("pooling_convention", "valid", "valid rounds the size down, full up, same gives size / stride rounded up"),
                new("count_include_pad", "True"), new("layout", "None", "NCHW"),
            ],
            Import = Pooling,
        },
        new("_contrib_AdaptiveAvgPooling2D", "AdaptiveAvgPooling2D")
        {
            Doc = "nn.global_avg_pool; output_size 1",
            Attributes = [new("output_size", "1")],
            Import = n =>
            {
                if (!Array.TrueForAll(n.Attributes.Ints("output_size"), size => size == 1)) throw n.Attributes.Unsupported("output_size", "1");
                return [n.Emit(NnPool.GlobalAvgPool, [n.Data()])];
            },
        },
        new("UpSampling")
        {
            Doc = "nn.upsample; sample_type nearest, one input",
            Attributes = [new("scale"), new("sample_type", "nearest", "nearest")],
            Import = n =>
            {
                n.Attributes.Require("sample_type", "nearest");
                long scale = n.Attributes.Int("scale", 1);
                return [n.Emit(NnShape.UpSample, [n.Data()], ("scale", new[] { scale, scale }))];
            },
        },
    ];

    private static Value[] Pooling(NodeImport n)
    {
        var a = n.Attributes;
        a.Require("layout", "NCHW");
        string type = a.Choice("pool_type", "max", "avg", "sum");
        if (a.Bool("global_pool")) return [Global(n, type)];
        long[] kernel = a.Pair("kernel", 1), stride = a.Pair("stride", 1, 1), pad = a.Pair("pad", 0, 0);
        var attributes = new List<(string, AttributeValue)> { ("kernel", kernel) };
        if (stride is not [1, 1]) attributes.Add(("strides", stride));
        bool countPadding = a.Bool("count_include_pad");
        switch (a.Choice("pooling_convention", "valid", "full", "same"))
        {
            case "full" when RoundsUp(n, kernel, stride, pad):
                attributes.Add(("ceil_mode", true));
                break;
            case "same":
                pad = SamePadding(n, kernel, stride, pad, type);
                countPadding = false;
                break;
        }
        if (Array.Exists(pad, p => p != 0))
        {
            attributes.Add(("padding", pad));
            if (type != "max" && !countPadding) attributes.Add(("count_include_pad", false));
        }
        if (type == "max") return [n.Emit(NnPool.MaxPool2D, [n.Data()], [.. attributes])];
        if (type == "avg") return [n.Emit(NnPool.AvgPool2D, [n.Data()], [.. attributes])];
        if (attributes.Exists(x => x.Item1 is "ceil_mode" or "count_include_pad")) throw a.Unsupported("pool_type", "max or avg with this padding");
        var mean = n.Step("mean", NnPool.AvgPool2D, [n.Data()], [.. attributes]);
        return [n.Emit(NnBinary.Mul, [mean, n.Scalar(kernel[0] * kernel[1])])];
    }

    private static Value Global(NodeImport n, string type) => type switch
    {
        "max" => n.Emit(NnPool.GlobalMaxPool, [n.Data()]),
        "avg" => n.Emit(NnPool.GlobalAvgPool, [n.Data()]),
        _ => n.Emit(NnReduce.Sum, [n.Data()], ("axes", new[] { 2, 3 }), ("keepdims", true)),
    };

    /// <summary>Whether rounding up adds a window. Ours drops one that starts in the trailing padding, MXNet keeps it: such a model is refused.</summary>
    private static bool RoundsUp(NodeImport n, long[] kernel, long[] stride, long[] pad)
    {
        bool roundsUp = false;
        var data = Image(n);
        for (int i = 0; i < 2; i++)
        {
            long span = data[2 + i] + 2 * pad[i] - kernel[i];
            if (span < 0 || span % stride[i] == 0) continue;
            roundsUp = true;
            if ((span / stride[i] + 1) * stride[i] >= data[2 + i] + pad[i])
                throw n.Attributes.Unsupported("pooling_convention", "valid here: the last window would lie wholly in the padding");
        }
        return roundsUp;
    }

    /// <summary>Padding (top, left, bottom, right) under which size / stride, rounded up, windows fit.</summary>
    private static long[] SamePadding(NodeImport n, long[] kernel, long[] stride, long[] pad, string type)
    {
        if (type != "max" && Array.Exists(pad, p => p != 0))
            throw n.Attributes.Unsupported("pooling_convention", "valid or full for averages of a padded image");
        var data = Image(n);
        var after = new long[2];
        for (int i = 0; i < 2; i++) after[i] = Math.Max(0,
            ((data[2 + i] + stride[i] - 1) / stride[i] - 1) * stride[i] + kernel[i] - data[2 + i] - pad[i]);
        return [pad[0], pad[1], after[0], after[1]];
    }

    private static Shape Image(NodeImport n) => n.Rank == 4 ? n.Data().Type.Shape
        : throw n.Mismatch($"data has rank {n.Rank}; [N, C, H, W] is needed");
}

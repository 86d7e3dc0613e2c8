using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops;

/// <summary>Max pooling and nearest-neighbour upsampling. Source: CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2; gas: §10.</summary>
public static class CvmPool
{
    public static readonly OpSpec MaxPool2D = new("cvm.max_pool2d")
    {
        Doc = "Largest element of each window; padding does not count",
        Operands = [new("data", "[N, C, H, W]")],
        Attributes =
        [
            Attr.Ints("pool_size", "rows and columns of the window"),
            Attr.Ints("strides", "steps of the window down and right, 1..4096", [1, 1]),
            Attr.Ints("padding", "one number, or rows then columns, added on both sides, 0..4096 and below pool_size", [0, 0]),
            CvmAttr.Layout,
            Attr.Bool("ceil_mode", "whether a window may stick out at the end", false),
        ],
        Shapes = CvmRules.Shape(PoolShape),
        Elements = CvmRules.SamePrecision,
        Levels = Level.Quant | Level.Cvm,
        Traits = OpTraits.Monotone | OpTraits.Homogeneous,
        Ranges = [MoveIntervals.Windowed],
        CvmName = "max_pool2d",
        Cost = (context, _) => context.Pair("pool_size").H * context.Pair("pool_size").W,
    };

    public static readonly OpSpec UpSampling = new("cvm.upsampling")
    {
        Doc = "Every element repeated scale times down and right",
        Operands = [new("data", "[N, C, H, W]")],
        Attributes =
        [
            CvmAttr.Int("scale", "factor of both height and width, 1..4096"),
            CvmAttr.Layout,
            Attr.Text("method", "NEAREST_NEIGHBOR", "NEAREST_NEIGHBOR"),
        ],
        Shapes = CvmRules.Shape(UpSamplingShape),
        Elements = CvmRules.SamePrecision,
        Levels = Level.Quant | Level.Cvm,
        Traits = OpTraits.Moves | OpTraits.Monotone | OpTraits.Homogeneous,
        Ranges = [MoveIntervals.Windowed],
        CvmName = "upsampling",
    };

    /// <summary>Padding of max_pool2d, which one number gives for both axes.</summary>
    public static (long H, long W) Padding(RuleContext context)
    {
        var padding = context.Ints("padding");
        if (padding.Length is < 1 or > 2) throw context.Logic($"padding needs 1 or 2 elements, found {padding.Length}");
        foreach (long element in padding) CvmRules.InRange(context, "padding", element, 0, CvmRules.MaxFactor);
        return (padding[0], padding[^1]);
    }

    private static long[] PoolShape(RuleContext context)
    {
        CvmRules.Rank(context, 0, 4);
        CheckLayout(context);
        var data = context.Shape(0);
        var pool = CvmRules.Pair(context, "pool_size", 0, long.MaxValue);
        var strides = CvmRules.Pair(context, "strides", 1, CvmRules.MaxFactor);
        var padding = Padding(context);
        return [data[0], data[1], Windows(context, data[2], pool.H, strides.H, padding.H),
            Windows(context, data[3], pool.W, strides.W, padding.W)];
    }

    // A last window that would start behind the data is refused, not dropped.
    private static long Windows(RuleContext context, long dim, long pool, long stride, long padding)
    {
        long padded = dim + (2 * padding);
        if (pool > padded) throw context.Logic($"pool_size {pool} is larger than the padded data, {padded}");
        if (padding >= pool) throw context.Logic($"padding {padding} is not below pool_size {pool}");
        if (!context.Bool("ceil_mode")) return ((padded - pool) / stride) + 1;
        long windows = ((padded - pool + stride - 1) / stride) + 1;
        return ((windows - 1) * stride) - padding < dim
            ? windows
            : throw context.Logic(
                $"with ceil_mode the last of {Counted.Of(windows, "window")} starts behind the data of {Counted.Of(dim, "element")}");
    }

    private static long[] UpSamplingShape(RuleContext context)
    {
        CvmRules.Rank(context, 0, 4);
        CheckLayout(context);
        if (context.Text("method") != "NEAREST_NEIGHBOR")
            throw context.Logic($"method '{context.Text("method")}', only NEAREST_NEIGHBOR is allowed");
        long scale = context.Int("scale");
        CvmRules.InRange(context, "scale", scale, 1, CvmRules.MaxFactor);
        var data = context.Shape(0);
        return [data[0], data[1], data[2] * scale, data[3] * scale];
    }

    private static void CheckLayout(RuleContext context)
    {
        if (context.Text("layout") != "NCHW") throw context.Logic($"layout '{context.Text("layout")}', only NCHW is allowed");
    }
}

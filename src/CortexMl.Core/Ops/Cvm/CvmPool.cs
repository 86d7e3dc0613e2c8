using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops.Cvm;

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
        Cost = (op, _) => SlidingWindow.Of(op).TapCount,
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

    private static long[] PoolShape(IOperation op)
    {
        CvmRules.Rank(op, 0, 4);
        CheckLayout(op);
        var data = op.Shape(0);
        CvmRules.Pair(op, "pool_size", 0, long.MaxValue);
        CvmRules.Pair(op, "strides", 1, CvmRules.MaxFactor);
        var padding = op.Ints("padding");
        if (padding.Length is < 1 or > 2) throw op.Logic($"padding needs 1 or 2 elements, found {padding.Length}");
        foreach (long element in padding) CvmRules.InRange(op, "padding", element, 0, CvmRules.MaxFactor);
        var window = SlidingWindow.Of(op);
        return [data[0], data[1], Positions(op, window.Rows, data[2]), Positions(op, window.Columns, data[3])];
    }

    // A last window that would start behind the data is refused, not dropped.
    private static long Positions(IOperation op, WindowAxis axis, long dim)
    {
        long padded = dim + axis.Before + axis.After;
        if (axis.Kernel > padded) throw op.Logic($"pool_size {axis.Kernel} is larger than the padded data, {padded}");
        if (axis.Before >= axis.Kernel) throw op.Logic($"padding {axis.Before} is not below pool_size {axis.Kernel}");
        if (!op.Bool("ceil_mode")) return axis.Positions(dim);
        long windows = axis.PositionsRoundedUp(dim);
        return axis.StartsBehind(windows - 1, dim)
            ? throw op.Logic(
                $"with ceil_mode the last of {Counted.Of(windows, "window")} starts behind the data of {Counted.Of(dim, "element")}")
            : windows;
    }

    private static long[] UpSamplingShape(IOperation op)
    {
        CvmRules.Rank(op, 0, 4);
        CheckLayout(op);
        if (op.Text("method") != "NEAREST_NEIGHBOR")
            throw op.Logic($"method '{op.Text("method")}', only NEAREST_NEIGHBOR is allowed");
        long scale = op.Int("scale");
        CvmRules.InRange(op, "scale", scale, 1, CvmRules.MaxFactor);
        var data = op.Shape(0);
        return [data[0], data[1], data[2] * scale, data[3] * scale];
    }

    private static void CheckLayout(IOperation op)
    {
        if (op.Text("layout") != "NCHW") throw op.Logic($"layout '{op.Text("layout")}', only NCHW is allowed");
    }
}

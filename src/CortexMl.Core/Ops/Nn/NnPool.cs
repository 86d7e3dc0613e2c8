using CortexMl.Ir;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that reduce windows of [N, C, H, W].</summary>
public static class NnPool
{
    private static readonly AttributeSpec[] WindowAttributes =
    [
        Pair("kernel", "height and width of the window"),
        Pair("strides", "step of the window", 1),
        Ints("padding", "border around the image: height, width or top, left, bottom, right", [0, 0], min: 0),
        Bool("ceil_mode", "round the number of windows up; a window that starts in the trailing padding is dropped", false),
    ];

    /// <summary>Padding never wins, so that each window must see an element of the image.</summary>
    public static readonly OpSpec MaxPool2D = new("nn.max_pool2d")
    {
        Doc = "Largest element of each window",
        Operands = [NnRule.Image],
        Attributes = [.. WindowAttributes, Pair("dilation", "distance of neighbouring taps", 1)],
        Shapes = op =>
        {
            var data = NnRule.Nchw(op);
            var window = SlidingWindow.Of(op);
            var (h, w) = NnWindowRule.Positions(op, window, data, op.Bool("ceil_mode"));
            NnWindowRule.RequireElements(op, window, data, (h, w));
            return [NnRule.Make(op, data[0], data[1], h, w)];
        },
        Levels = Level.Float,
        Traits = OpTraits.Monotone | OpTraits.Homogeneous,
    };

    /// <summary>
    /// With count_include_pad the divisor counts padded positions, but never those that ceil_mode adds beyond the padding.
    /// </summary>
    public static readonly OpSpec AvgPool2D = new("nn.avg_pool2d")
    {
        Doc = "Mean of each window",
        Operands = [NnRule.Image],
        Attributes = [.. WindowAttributes, Bool("count_include_pad", "whether padding counts as zeros", true)],
        Shapes = op =>
        {
            var data = NnRule.Nchw(op);
            var window = SlidingWindow.Of(op);
            var (h, w) = NnWindowRule.Positions(op, window, data, op.Bool("ceil_mode"));
            if (!op.Bool("count_include_pad")) NnWindowRule.RequireElements(op, window, data, (h, w));
            return [NnRule.Make(op, data[0], data[1], h, w)];
        },
        Levels = Level.Float,
        Traits = OpTraits.Monotone | OpTraits.Homogeneous,
    };

    public static readonly OpSpec GlobalAvgPool = Global("nn.global_avg_pool", "Mean of each channel, as [N, C, 1, 1]");

    public static readonly OpSpec GlobalMaxPool = Global("nn.global_max_pool", "Largest element of each channel, as [N, C, 1, 1]");

    private static OpSpec Global(string name, string doc) => new(name)
    {
        Doc = doc,
        Operands = [NnRule.Image],
        Shapes = op =>
        {
            var data = NnRule.Nchw(op);
            return [NnRule.Make(op, data[0], data[1], 1, 1)];
        },
        Levels = Level.Float,
        Traits = OpTraits.Monotone | OpTraits.Homogeneous,
    };
}

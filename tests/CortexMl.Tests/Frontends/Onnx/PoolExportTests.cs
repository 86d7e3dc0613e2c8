using CortexMl.Ir;
using CortexMl.Ops.Nn;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.OneRow;

namespace CortexMl.Tests.Frontends.Onnx;

public class PoolExportTests
{
    private static readonly (string, AttributeValue) Two = ("kernel", new[] { 2, 2 }),
    Step2 = ("strides", new[] { 2, 2 }), Ceil = ("ceil_mode", true);

    [Fact]
    public void Max_pool_ignores_padding() =>
        Equal([-1, -2, -3, -4],
            Run(NnPool.MaxPool2D, Attributes.Of(Two, Step2, ("padding", new[] { 1, 1 })), Of([1, 1, 2, 2], -1, -2, -3, -4)));

    [Fact]
    public void Max_pool_is_dilated() =>
        Equal([9], Run(NnPool.MaxPool2D, Attributes.Of(Two, ("dilation", new[] { 2, 2 })), Counting(1, 1, 3, 3)));

    [Fact]
    public void Ceil_mode_keeps_the_windows_at_the_edge()
    {
        Equal([5, 6, 8, 9], Run(NnPool.MaxPool2D, Attributes.Of(Two, Step2, Ceil), Counting(1, 1, 3, 3)));
        Equal([5], Run(NnPool.MaxPool2D, Attributes.Of(Two, Step2), Counting(1, 1, 3, 3)));
    }

    [Fact]
    public void Average_at_the_edge_of_ceil_mode_divides_by_the_elements_that_are_there() =>
        Equal([3, 4.5, 7.5, 9], Run(NnPool.AvgPool2D, Attributes.Of(Two, Step2, Ceil), Counting(1, 1, 3, 3)));

    [Fact]
    public void Average_with_padding_and_ceil_mode_counts_the_padding_but_nothing_beyond_it()
    {
        // A line of 1 2 3 4 5 with one zero on each side: windows 0 1 2 | 2 3 4 | 4 5 0 and, by ceil mode, none that starts in the padding.
        var line = Attributes.Of(("kernel", new[] { 1, 3 }), ("strides", new[] { 1, 2 }), ("padding", new[] { 0, 1 }), Ceil);
        Equal([1, 3, 3], Run(NnPool.AvgPool2D, line, Counting(1, 1, 1, 5)));
        // 0 1 2 3 4 0 has no room for a second step of 3: the window 3 4 0 · counts one zero and not what lies beyond.
        var wide = Attributes.Of(("kernel", new[] { 1, 4 }), ("strides", new[] { 1, 3 }), ("padding", new[] { 0, 1 }), Ceil);
        Equal([1.5, 7.0 / 3], Run(NnPool.AvgPool2D, wide, Counting(1, 1, 1, 4)));
        Equal([2, 3.5], Run(NnPool.AvgPool2D, wide.With("count_include_pad", false), Counting(1, 1, 1, 4)));
    }

    [Fact]
    public void Average_counts_padding_unless_told_not_to()
    {
        var attributes = Attributes.Of(Two, Step2, ("padding", new[] { 1, 1 }));
        Equal([0.25, 0.5, 0.75, 1], Run(NnPool.AvgPool2D, attributes, Counting(1, 1, 2, 2)));
        Equal([1, 2, 3, 4], Run(NnPool.AvgPool2D, attributes.With("count_include_pad", false), Counting(1, 1, 2, 2)));
    }

    [Fact]
    public void Global_pools_leave_one_element_for_each_channel()
    {
        Equal([2.5, 6.5], Run(NnPool.GlobalAvgPool, null, Counting(1, 2, 2, 2)));
        Equal([4, 8], Run(NnPool.GlobalMaxPool, null, Counting(1, 2, 2, 2)));
    }

    [Fact]
    public void Padding_as_large_as_the_kernel_becomes_a_pad()
    {
        // ONNX Runtime refuses such pools. A dilated window of 5 with 3 around 1 2 3: 2 | 1 3 | 2 | …, and a mean that counts the padding.
        var dilated = Attributes.Of(("kernel", new[] { 1, 3 }), ("dilation", new[] { 1, 2 }), ("padding", new[] { 0, 3, 0, 3 }));
        Equal([2, 3, 2, 3, 2], Run(NnPool.MaxPool2D, dilated, Counting(1, 1, 1, 3)));
        var mean = Attributes.Of(("kernel", new[] { 1, 1 }), ("strides", new[] { 1, 2 }), ("padding", new[] { 0, 1 }));
        Equal([0, 2, 0], Run(NnPool.AvgPool2D, mean, Counting(1, 1, 1, 3)));
    }

    [Fact]
    public void Trailing_padding_that_no_window_reaches_is_left_out() =>
        Equal([1.5], Run(NnPool.AvgPool2D,
            Attributes.Of(Two, ("strides", new[] { 9, 9 }), ("padding", new[] { 0, 0, 5, 5 }), ("count_include_pad", false)),
            Of([1, 1, 1, 2], 1, 2)));
}

using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Ops;

/// <summary>The description of a window against its definition, tap by tap.</summary>
public sealed class SlidingWindowTests
{
    [Fact]
    public void Positions_are_the_places_where_the_whole_window_lies_in_the_padded_image()
    {
        int tried = 0;
        foreach (var (axis, size) in Axes())
        {
            tried++;
            long whole = 0;
            while (axis.Start(whole) + axis.Extent <= size + axis.After) whole++;
            Assert.Equal(whole, axis.Positions(size));
            long all = axis.End(whole - 1) < size + axis.After ? whole + 1 : whole;
            Assert.Equal(all, axis.PositionsRoundedUp(size));
            Assert.Equal(axis.Start(all - 1) < size ? all : all - 1, axis.Positions(size, roundsUp: true));
        }
        Assert.Equal(1401, tried);
    }

    [Fact]
    public void Taps_and_positions_that_see_the_image_are_those_whose_index_lies_in_it()
    {
        foreach (var (axis, size) in Axes())
        {
            long positions = axis.PositionsRoundedUp(size);
            bool Sees(long position, long tap) =>
                position * axis.Stride - axis.Before + tap * axis.Dilation is var index && index >= 0 && index < size;
            for (long p = 0; p < positions; p++)
            {
                var (from, to) = axis.Taps(p, size);
                for (long tap = 0; tap < axis.Kernel; tap++) Assert.Equal(Sees(p, tap), tap >= from && tap < to);
                long padded = Enumerable.Range(0, (int)axis.Kernel).Count(tap => axis.Start(p) + tap * axis.Dilation < size + axis.After);
                if (axis.Start(p) < size + axis.After) Assert.Equal(padded, axis.PaddedTaps(p, size));
            }
            for (long tap = 0; tap < axis.Kernel; tap++)
            {
                var (from, to) = axis.PositionsOf(tap, positions, size);
                for (long p = 0; p < positions; p++) Assert.Equal(Sees(p, tap), p >= from && p < to);
            }
        }
    }

    [Fact]
    public void A_window_of_the_runtime_and_one_of_a_float_network_are_read_alike()
    {
        var image = new TensorType(ElementType.Integer(8), Shape.Of(1, 1, 9, 9));
        var expected = new SlidingWindow(new WindowAxis(3, 2, 1, 1), new WindowAxis(2, 1, 0, 0));
        Assert.Equal(expected, Of(CvmPool.MaxPool2D, ("pool_size", Pair(3, 2)), ("strides", Pair(2, 1)), ("padding", Pair(1, 0))));
        Assert.Equal(expected, Of(NnPool.MaxPool2D, ("kernel", Pair(3, 2)), ("strides", Pair(2, 1)), ("padding", Pair(1, 0))));
        Assert.Equal(expected, Of(CvmConv.Conv2D, ("kernel_size", Pair(3, 2)), ("strides", Pair(2, 1)), ("padding", Pair(1, 0))));
        Assert.Equal(new SlidingWindow(new WindowAxis(2, 1, 1, 1), new WindowAxis(2, 1, 1, 1)),
            Of(CvmPool.MaxPool2D, ("pool_size", Pair(2, 2)), ("padding", new long[] { 1 })));
        Assert.Equal(new SlidingWindow(new WindowAxis(3, 1, 1, 3, 2), new WindowAxis(3, 1, 2, 4, 2)),
            Of(NnConv.Conv2D, ("kernel", Pair(3, 3)), ("padding", new long[] { 1, 2, 3, 4 }), ("dilation", Pair(2, 2))));

        SlidingWindow Of(OpSpec spec, params (string, AttributeValue)[] attributes) =>
            SlidingWindow.Of(new ProposedOperation(spec, [image], Attributes.Of(attributes)));

        static long[] Pair(long h, long w) => [h, w];
    }

    [Fact]
    public void Taps_of_a_corner_are_numbered_in_the_kernel_and_lie_in_the_channel()
    {
        var window = SlidingWindow.Of([3, 3], [2, 2], [1, 1, 1, 1], [1, 1]);
        Assert.Equal([(4, 0), (5, 1), (7, 5), (8, 6)], window.Taps(Shape.Of(1, 1, 5, 5), 0, 0));
        Assert.Equal([(0, 18), (1, 19), (3, 23), (4, 24)], window.Taps(Shape.Of(1, 1, 5, 5), 2, 2));
    }

    private static IEnumerable<(WindowAxis Axis, long Size)> Axes() =>
        from kernel in Enumerable.Range(1, 4)
        from stride in Enumerable.Range(1, 3)
        from before in Enumerable.Range(0, 4)
        from after in Enumerable.Range(0, 4)
        from dilation in Enumerable.Range(1, 3)
        from size in new long[] { 1, 4, 7 }
        let axis = new WindowAxis(kernel, stride, before, after, dilation)
        where axis.Extent <= size + before + after
        select (axis, size);
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.OneRow;

namespace CortexMl.Tests.Frontends.Onnx;

public class ShapeExportTests
{
    [Fact]
    public void Elements_keep_their_order_under_another_shape()
    {
        double[] same = [1, 2, 3, 4, 5, 6];
        Equal(same, Run(NnShape.Flatten, null, Counting(1, 2, 3)));
        Equal(same, Run(NnShape.Reshape, Attributes.Of(("shape", new[] { 3, 2 })), Counting(1, 6)));
        Equal(same, Run(NnShape.ExpandDims, Attributes.Of(("axes", new[] { 0, -1 })), Counting(2, 3)));
        Equal(same, Run(NnShape.Squeeze, Attributes.Of(("axes", new[] { -2 })), Counting(2, 1, 3)));
    }

    [Fact]
    public void Transpose_moves_axes() =>
        Equal([1, 4, 2, 5, 3, 6], Run(NnShape.Transpose, Attributes.Of(("axes", new[] { -1, 0 })), Counting(2, 3)));

    [Fact]
    public void Concat_appends_along_its_axis()
    {
        Equal([1, 2, 1, 2, 3, 4], Run(NnShape.Concat, null, Counting(1, 2), Counting(1, 4)));
        Equal([1, 2, 9, 3, 4, 8], Run(NnShape.Concat, Attributes.Of(("axis", -1)), Counting(2, 2), Of([2, 1], 9, 8)));
    }

    [Fact]
    public void Slice_takes_steps_forwards_and_backwards()
    {
        Equal([2, 4],
            Run(NnShape.Slice,
            Attributes.Of(("begin", new[] { 0, 1 }), ("end", new[] { 1, 5 }), ("strides", new[] { 1, 2 })), Counting(1, 5)));
        Equal([5, 3, 1],
            Run(NnShape.Slice,
            Attributes.Of(("begin", new[] { 0, 4 }), ("end", new[] { 1, -1 }), ("strides", new[] { 1, -2 })), Counting(1, 5)));
        Equal([5, 3],
            Run(NnShape.Slice,
            Attributes.Of(("begin", new[] { 0, 4 }), ("end", new[] { 1, 0 }), ("strides", new[] { 1, -2 })), Counting(1, 5)));
    }

    [Fact]
    public void Pad_fills_in_its_value() =>
        Equal([7, 1, 2, 7, 7],
            Run(NnShape.Pad, Attributes.Of(("before", new[] { 0, 1 }), ("after", new[] { 0, 2 }), ("value", 7.0)), Counting(1, 2)));

    [Fact]
    public void Copies_are_made_by_element_or_as_a_whole()
    {
        Equal([1, 1, 2, 2], Run(NnShape.Repeat, Attributes.Of(("repeats", 2), ("axis", -1)), Counting(1, 2)));
        Equal([1, 2, 1, 2], Run(NnShape.Tile, Attributes.Of(("repeats", new[] { 1, 2 })), Counting(1, 2)));
        Equal([1, 2, 1, 2], Run(NnShape.BroadcastTo, Attributes.Of(("shape", new[] { 2, 2 })), Counting(2)));
        Equal([1, 1, 2, 2, 1, 1, 2, 2], Run(NnShape.UpSample, Attributes.Of(("scale", new[] { 2, 2 })), Counting(1, 1, 1, 2)));
        Equal([1, 1, 1, 2, 2, 2], Run(NnShape.UpSample, Attributes.Of(("scale", new[] { 1, 3 })), Counting(1, 1, 1, 2)));
    }

    [Fact]
    public void Depth_and_space_change_places_in_both_channel_orders()
    {
        // Eight channels of one pixel: with (b, b, C) the pixel (i, j) of channel c comes from 4i + 2j + c, with (C, b, b) from 4c + 2i +
        // j.
        double[] blockFirst = [1, 3, 5, 7, 2, 4, 6, 8], channelFirst = [1, 2, 3, 4, 5, 6, 7, 8];
        Attributes block = Attributes.Of(("block", 2)), crd = block.With("mode", "CRD");
        Equal(blockFirst, Run(NnShape.DepthToSpace, block, Counting(1, 8, 1, 1)));
        Equal(channelFirst, Run(NnShape.DepthToSpace, crd, Counting(1, 8, 1, 1)));
        Equal([1, 5, 2, 6, 3, 7, 4, 8], Run(NnShape.SpaceToDepth, block, Counting(1, 2, 2, 2)));
        Equal(channelFirst, Run(NnShape.SpaceToDepth, crd, Counting(1, 2, 2, 2)));
    }
}

using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>Which slice of the depth each tap of a window sees at each of its positions; -1 where it sees none, and counts as 0.</summary>
/// <param name="Slices">Row by row, one for each position.</param>
internal sealed record DepthTaps(int Positions, int Taps, int[] Slices)
{
    /// <summary>Taps of all positions.</summary>
    private const long Most = 1 << 20;

    /// <summary>Those of a convolution over so many slices.</summary>
    /// <exception cref="NodeException">The window does not fit, or there are too many taps.</exception>
    public static DepthTaps Of(WindowAxis axis, long size)
    {
        CheckSteps(axis);
        if (axis.Extent > size + axis.Before + axis.After)
            throw new NodeException(FrontendCodes.ShapeMismatch,
                $"a window of {axis.Kernel} with dilation {axis.Dilation} does not fit a depth of {size} with padding {axis.Before} and {axis.After}");
        return Of(axis, axis.Positions(size), size, (at, tap) => axis.Start(at) + tap * axis.Dilation);
    }

    //  position = slice · stride - before + tap · dilation
    /// <summary>Those of a transposed convolution, which spreads each slice over so many positions of the result.</summary>
    /// <inheritdoc cref="Of(WindowAxis, long)"/>
    public static DepthTaps OfTransposed(WindowAxis axis, long size, long positions)
    {
        CheckSteps(axis);
        return Of(axis, positions, size, (at, tap) =>
        {
            long reached = at + axis.Before - tap * axis.Dilation;
            return reached % axis.Stride == 0 ? reached / axis.Stride : -1;
        });
    }

    private static DepthTaps Of(WindowAxis axis, long positions, long size, Func<long, long, long> slice)
    {
        if (positions < 1 || positions > Most / axis.Kernel)
            throw new NodeException(FrontendCodes.ShapeMismatch,
                $"a window of {axis.Kernel} has {Counted.Of(positions, "position")} along the depth");
        var slices = new int[positions * axis.Kernel];
        for (int i = 0; i < slices.Length; i++)
            slices[i] = slice(i / axis.Kernel, i % axis.Kernel) is var at && at >= 0 && at < size ? (int)at : -1;
        return new((int)positions, (int)axis.Kernel, slices);
    }

    private static void CheckSteps(WindowAxis axis)
    {
        const long largest = 4096;
        if (axis.Kernel is < 1 or > largest || axis.Stride is < 1 or > largest || axis.Dilation is < 1 or > largest
            || axis.Before is < 0 or > largest || axis.After is < 0 or > largest)
            throw new NodeException(FrontendCodes.ShapeMismatch,
                "a kernel size, stride, dilation or padding along the depth is out of range", $"1 to {largest}, padding from 0 on");
    }
}

//  conv3d(x, w)       ⇒   conv2d over height and width of the slices that the taps along the depth see, as channels beside each other
//  max_pool3d(x)      ⇒   max_pool2d over height and width of each slice, then over the depth of each pixel; so an average
/// <summary>Windows over three spatial axes as windows over two, for both formats.</summary>
internal static class Volumes
{
    /// <summary>The axes of [N, D, C, H, W] in the order [N, C, D, H, W], and the other way round.</summary>
    public static readonly int[] DepthInside = [0, 2, 1, 3, 4];

    //  [N, C, D, H, W]   ⇒   [N · positions, C · taps, H, W]
    /// <summary>
    /// The planes of each position along the depth; the weight [O, I, taps, KH, KW] goes with them as [O, I · taps, KH, KW].
    /// </summary>
    public static Value Unfolded(IRowEmitter n, Value data, DepthTaps depth)
    {
        var shape = data.Type.Shape;
        int batch = shape[0], channels = shape[1], slices = shape[2];
        var flat = n.Reshaped("slices", data, Shape.Of(batch, channels, slices, shape[3] * shape[4]));
        if (Array.Exists(depth.Slices, s => s < 0))
            flat = n.Step("zeros", NnShape.Pad, [flat], ("before", new long[4]), ("after", new[] { 0, 0, 1, 0 }));
        float[] indices = Array.ConvertAll(depth.Slices, s => (float)(s < 0 ? slices : s));
        var taps = n.Floats("taps", Tensor.Create(Shape.Of(depth.Positions, depth.Taps), indices));
        var seen = n.Step("seen", NnLookup.Take, [flat, taps], ("axis", 2));
        var turned = n.Step("by_position", NnShape.Transpose, [seen], ("axes", new[] { 0, 2, 1, 3, 4 }));
        return n.Step("unfolded", NnShape.Reshape, [turned],
            ("shape", new[] { (long)batch * depth.Positions, (long)channels * depth.Taps, shape[3], shape[4] }));
    }

    //  [N · positions, O, H, W]   ⇒   [N, positions, O, H, W]
    /// <summary>What a convolution makes of unfolded planes; <see cref="DepthInside"/> then puts the depth behind the channels.</summary>
    public static Value Apart(IRowEmitter n, Value planes, DepthTaps depth)
    {
        var shape = planes.Type.Shape;
        int[] apart = [shape[0] / depth.Positions, depth.Positions, shape[1], shape[2], shape[3]];
        return n.Step("apart", NnShape.Reshape, [planes], ("shape", apart));
    }

    /// <summary>
    /// A pool of [N, C, D, H, W] in two: over height and width of [N, C · D, H, W], then along the depth of [N, C, D, H · W].
    /// </summary>
    /// <param name="pool">The pool by a window, under a step's name.</param>
    /// <returns>The pooled columns, and the shape that they are to get.</returns>
    public static (Value Columns, Shape Shape) Pooled(
        IRowEmitter n, Value data, WindowAxis depth, SlidingWindow plane, Func<string, Value, SlidingWindow, Value> pool)
    {
        var shape = data.Type.Shape;
        var slices = n.Reshaped("slices", data, Shape.Of(shape[0], shape[1] * shape[2], shape[3], shape[4]));
        var planes = pool("planes", slices, plane);
        int height = planes.Type.Shape[2], width = planes.Type.Shape[3];
        var columns = n.Reshaped("columns", planes, Shape.Of(shape[0], shape[1], shape[2], height * width));
        var pooled = pool("depth", columns, new(depth, new(1)));
        return (pooled, Shape.Of(shape[0], shape[1], pooled.Type.Shape[2], height, width));
    }
}

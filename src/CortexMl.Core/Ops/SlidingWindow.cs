using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Ops;

/// <summary>
/// The window of a convolution or pool, which slides over the last two axes of [N, C, H, W]; of the float rows and of the CVM's alike.
/// </summary>
public sealed record SlidingWindow(WindowAxis Rows, WindowAxis Columns)
{
    /// <summary>Height and width.</summary>
    public long[] Kernel => [Rows.Kernel, Columns.Kernel];

    /// <summary>Down and right.</summary>
    public long[] Strides => [Rows.Stride, Columns.Stride];

    /// <summary>Down and right.</summary>
    public long[] Dilation => [Rows.Dilation, Columns.Dilation];

    /// <summary>Top, left, bottom, right.</summary>
    public long[] Padding => [Rows.Before, Columns.Before, Rows.After, Columns.After];

    public long TapCount => Rows.Kernel * Columns.Kernel;

    public bool HasPadding => Rows.HasPadding || Columns.HasPadding;

    public bool HasSymmetricPadding => Rows.HasSymmetricPadding && Columns.HasSymmetricPadding;

    public bool IsDilated => (Rows.Dilation, Columns.Dilation) != (1, 1);

    /// <summary>Whether every position sees the pixel of its own place and nothing else.</summary>
    public bool IsPointwise => Rows.IsPointwise && Columns.IsPointwise;

    /// <summary>The window of nn.conv2d, cvm.conv2d or one of the pools.</summary>
    /// <exception cref="RuleException">The padding has neither 2 nor 4 elements, nor the one that a pool of the CVM may have.</exception>
    public static SlidingWindow Of(IOperation op)
    {
        var kernel = op.Pair(KernelAttribute(op.Spec));
        var strides = op.Pair("strides");
        var dilation = op.Spec.Attribute("dilation") is null ? (H: 1, W: 1) : op.Pair("dilation");
        var padding = op.Ints("padding");
        var (top, left, bottom, right) = padding.Length switch
        {
            1 when op.Spec == CvmPool.MaxPool2D => (padding[0], padding[0], padding[0], padding[0]),
            2 => (padding[0], padding[1], padding[0], padding[1]),
            4 => (padding[0], padding[1], padding[2], padding[3]),
            _ => throw op.Logic(
                $"padding has {Counted.Of(padding.Length, "element")}", "give 2 (height, width) or 4 (top, left, bottom, right)"),
        };
        return new(new(kernel.H, strides.H, top, bottom, dilation.H), new(kernel.W, strides.W, left, right, dilation.W));
    }

    /// <param name="padding">Top, left, bottom, right; all others are height, width.</param>
    public static SlidingWindow Of(
        ReadOnlySpan<long> kernel, ReadOnlySpan<long> strides, ReadOnlySpan<long> padding, ReadOnlySpan<long> dilation) => new(
            new(kernel[0], strides[0], padding[0], padding[2], dilation[0]),
            new(kernel[1], strides[1], padding[1], padding[3], dilation[1]));

    /// <param name="padding">Top, left, bottom, right.</param>
    public SlidingWindow WithPadding(params ReadOnlySpan<long> padding) =>
        new(Rows with { Before = padding[0], After = padding[2] }, Columns with { Before = padding[1], After = padding[3] });

    /// <summary>The taps that see the image: row-major index of each, and the pixel's offset within the channel.</summary>
    /// <param name="image">[N, C, H, W]</param>
    /// <param name="row">Row and column of the window's position.</param>
    public IEnumerable<(int Tap, int Pixel)> Taps(Shape image, int row, int column)
    {
        var (top, bottom) = Rows.Taps(row, image[2]);
        var (left, right) = Columns.Taps(column, image[3]);
        for (long u = top; u < bottom; u++)
        {
            long y = Rows.Start(row) + u * Rows.Dilation;
            for (long v = left; v < right; v++)
            {
                long x = Columns.Start(column) + v * Columns.Dilation;
                yield return ((int)(u * Columns.Kernel + v), (int)(y * image[3] + x));
            }
        }
    }

    private static string KernelAttribute(OpSpec spec) =>
        spec == CvmConv.Conv2D ? "kernel_size" : spec == CvmPool.MaxPool2D ? "pool_size" : "kernel";
}

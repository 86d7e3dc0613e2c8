using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Products;

/// <summary>
/// A convolution with symmetric padding, which is all the CVM has. Asymmetric zero padding becomes zero taps in an enlarged kernel: with
/// P = max(before, after), P - before taps in front and P - after behind see what the padding would have been.
/// </summary>
internal sealed record SymmetricConvolution(Tensor<float> Weight, SlidingWindow Window)
{
    /// <param name="weight">[O, I, KH, KW]</param>
    /// <param name="window">With padding of any kind.</param>
    public static SymmetricConvolution Of(Tensor<float> weight, SlidingWindow window)
    {
        var symmetric = WindowOf(window);
        return new SymmetricConvolution(symmetric == window ? weight : Enlarge(weight, window), symmetric);
    }

    /// <summary>The window that has all taps, zero ones too.</summary>
    public static SlidingWindow WindowOf(SlidingWindow window) =>
        window.HasSymmetricPadding ? window : new SlidingWindow(Symmetric(window.Rows), Symmetric(window.Columns));

    /// <summary>Attributes of cvm.conv2d, those with defaults left out.</summary>
    public Attributes Attributes(int channels, int groups, bool hasBias)
    {
        var result = Ir.Attributes.Of(("channels", channels), ("kernel_size", Window.Kernel));
        if (Window.Strides is not [1, 1]) result = result.With("strides", Window.Strides);
        if (Window.HasPadding) result = result.With("padding", Window.Padding[..2]);
        if (Window.IsDilated) result = result.With("dilation", Window.Dilation);
        if (groups != 1) result = result.With("groups", groups);
        return ConvolutionLowering.WithBias(result, hasBias);
    }

    private static WindowAxis Symmetric(WindowAxis axis)
    {
        long padding = Math.Max(axis.Before, axis.After);
        return new WindowAxis(axis.Extent + Math.Abs(axis.After - axis.Before), axis.Stride, padding, padding);
    }

    // Dilation is written out as zero taps too, since the extra taps need not be a multiple of it apart.
    private static Tensor<float> Enlarge(Tensor<float> weight, SlidingWindow window)
    {
        var (rows, columns) = (window.Rows, window.Columns);
        int top = (int)Math.Max(0, rows.After - rows.Before), bottom = (int)Math.Max(0, rows.Before - rows.After);
        int left = (int)Math.Max(0, columns.After - columns.Before), right = (int)Math.Max(0, columns.Before - columns.After);
        var from = weight.Shape;
        var to = Shape.Of(from[0], from[1], top + (int)rows.Extent + bottom, left + (int)columns.Extent + right);
        var result = Tensor.Zeros<float>(to);
        for (int filter = 0; filter < from[0] * from[1]; filter++)
            for (int y = 0; y < from[2]; y++)
                for (int x = 0; x < from[3]; x++)
                    result.Data[(filter * to[2] + top + y * (int)rows.Dilation) * to[3] + left + x * (int)columns.Dilation] =
                        weight.Data[(filter * from[2] + y) * from[3] + x];
        return result;
    }
}

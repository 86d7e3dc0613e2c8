using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

/// <summary>
/// A convolution's window with symmetric padding, which is all the CVM has. Asymmetric zero padding becomes zero taps in an enlarged
/// kernel: with P = max(before, after), P - before taps in front and P - after behind see what the padding would have been.
/// </summary>
internal sealed record ConvWindow(Tensor<float> Weight, int[] Strides, int[] Padding, int[] Dilation)
{
    public static ConvWindow Of(RuleContext context, ConstantData constant) =>
        Of(context, (Tensor<float>)constant.Tensor, NnWindow.Padding(context), context.Pair("dilation"));

    public static ConvWindow Of(
        RuleContext context, Tensor<float> weight, (long Top, long Left, long Bottom, long Right) padding, (long H, long W) dilation)
    {
        var (strideH, strideW) = context.Pair("strides");
        int[] strides = [(int)strideH, (int)strideW];
        if (padding.Top == padding.Bottom && padding.Left == padding.Right)
            return new ConvWindow(weight, strides, [(int)padding.Top, (int)padding.Left], [(int)dilation.H, (int)dilation.W]);
        int h = (int)Math.Max(padding.Top, padding.Bottom), w = (int)Math.Max(padding.Left, padding.Right);
        var enlarged = Enlarge(weight, (int)dilation.H, (int)dilation.W, h - (int)padding.Top, h - (int)padding.Bottom,
            w - (int)padding.Left, w - (int)padding.Right);
        return new ConvWindow(enlarged, strides, [h, w], [1, 1]);
    }

    /// <summary>Attributes of cvm.conv2d, those with defaults left out.</summary>
    public Attributes Attributes(int channels, int groups, bool hasBias)
    {
        var result = Ir.Attributes.Of(("channels", channels), ("kernel_size", new[] { Weight.Shape[2], Weight.Shape[3] }));
        if (Strides is not [1, 1]) result = result.With("strides", Strides);
        if (Padding is not [0, 0]) result = result.With("padding", Padding);
        if (Dilation is not [1, 1]) result = result.With("dilation", Dilation);
        if (groups != 1) result = result.With("groups", groups);
        return ConvolutionLowering.WithBias(result, hasBias);
    }

    // Dilation is written out as zero taps too, since the extra taps need not be a multiple of it apart.
    private static Tensor<float> Enlarge(Tensor<float> weight, int dilationH, int dilationW, int top, int bottom, int left, int right)
    {
        var from = weight.Shape;
        var to = Shape.Of(from[0], from[1], top + (from[2] - 1) * dilationH + 1 + bottom, left + (from[3] - 1) * dilationW + 1 + right);
        var result = Tensor.Zeros<float>(to);
        for (int filter = 0; filter < from[0] * from[1]; filter++)
            for (int y = 0; y < from[2]; y++)
                for (int x = 0; x < from[3]; x++)
                    result.Data[(filter * to[2] + top + y * dilationH) * to[3] + left + x * dilationW] =
                        weight.Data[(filter * from[2] + y) * from[3] + x];
        return result;
    }
}

using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary>The sliding window of a convolution or pool: kernel, strides, padding, dilation.</summary>
internal sealed record Window(
    int KernelH, int KernelW, int StrideH, int StrideW, int DilationH, int DilationW, int Top, int Left, int Bottom, int Right)
{
    public bool HasPadding => (Top | Left | Bottom | Right) != 0;

    public static Window Of(RuleContext op)
    {
        var (kernelH, kernelW) = op.Pair("kernel");
        var (strideH, strideW) = op.Pair("strides");
        var (dilationH, dilationW) = op.Spec.Attribute("dilation") is null ? (1, 1) : op.Pair("dilation");
        var padding = op.Ints("padding");
        int trailing = padding.Length == 4 ? 2 : 0;
        return new((int)kernelH, (int)kernelW, (int)strideH, (int)strideW, (int)dilationH, (int)dilationW,
            (int)padding[0], (int)padding[1], (int)padding[trailing], (int)padding[trailing + 1]);
    }

    /// <summary>Row-major index of each tap that falls on the image, and that pixel's offset within the channel.</summary>
    public IEnumerable<(int Tap, int Pixel)> Taps(Shape image, int row, int column)
    {
        for (int i = 0; i < KernelH; i++)
        {
            int y = row * StrideH - Top + i * DilationH;
            if (y < 0 || y >= image[2]) continue;
            for (int j = 0; j < KernelW; j++)
            {
                int x = column * StrideW - Left + j * DilationW;
                if (x >= 0 && x < image[3]) yield return (i * KernelW + j, y * image[3] + x);
            }
        }
    }

    /// <summary>Taps of the window that fall on the image or its padding, but not on what ceil_mode adds beyond.</summary>
    public int PaddedTaps(Shape image, int row, int column)
    {
        int rows = Math.Min(row * StrideH + KernelH, image[2] + Top + Bottom) - row * StrideH;
        int columns = Math.Min(column * StrideW + KernelW, image[3] + Left + Right) - column * StrideW;
        return rows * columns;
    }
}

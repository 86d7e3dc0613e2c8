using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Engines.Gpu.Planning;

namespace CortexMl.Engines.Gpu.Products;

/// <summary>
/// A product without shared memory: a thread computes up to four channels of one pixel. For few pixels, and for devices without groups.
/// </summary>
internal static class PlainProduct
{
    private const int MostUnrolled = 49;

    public static KernelStep Write(GroupWriter writer, ProductShape shape)
    {
        var (k, operands, result) = (writer.Kernel, new ProductOperands(writer, shape), new ProductResult(writer, shape));
        int own = Math.Min(ValueLayout.Lanes, shape.Channels), blocks = (shape.Channels + own - 1) / own;
        var weights = operands.Weights(blocks * own, 1);
        Expr first = k.Once("first", k.Thread % blocks * own);
        var pixel = result.Pixel(k.Once("pixel", k.Thread / blocks));
        var (top, left) = (k.Once("top", (pixel.Row * shape.Strides.H) - shape.Padding.H),
            k.Once("left", (pixel.Column * shape.Strides.W) - shape.Padding.W));
        LocalExpr[] sums = [.. Enumerable.Range(0, own).Select(_ => k.Let("sum", 0))];
        k.For("c", 0, operands.Words, word =>
        {
            if (shape.Taps > MostUnrolled)
            {
                k.For("u", 0, shape.KernelHeight, u => k.For("v", 0, shape.KernelWidth, v => Tap(word, u, v)));
                return;
            }
            for (int u = 0; u < shape.KernelHeight; u++)
                for (int v = 0; v < shape.KernelWidth; v++) Tap(word, u, v);
        });
        result.Store(pixel, first, sums, mayExceed: false);
        return writer.Build(LaunchShape.Threads(blocks * shape.Pixels));

        void Tap(Expr word, Expr u, Expr v)
        {
            Expr i = k.Once("i", top + (u * shape.Dilation.H)), j = k.Once("j", left + (v * shape.Dilation.W));
            k.If(Window.Inside(i, shape.Height, shape.Padding.H) & Window.Inside(j, shape.Width, shape.Padding.W), () =>
            {
                Expr x = k.Let("x", operands.Data(pixel.N, word, i, j));
                Expr at = k.Once("at", (((((u * shape.KernelWidth) + v) * operands.Words) + word) * (blocks * own)) + first);
                for (int c = 0; c < own; c++) k.Assign(sums[c], operands.MultiplyAdd(x, weights[at + c], sums[c]));
            });
        }
    }
}

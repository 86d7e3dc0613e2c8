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

    public static LaunchStep Write(GroupWriter writer, ProductShape shape)
    {
        var (k, operands, result) = (writer.Kernel, new ProductOperands(writer, shape), new ProductResult(writer, shape));
        int own = Math.Min(ValueLayout.Lanes, shape.Channels), blocks = (shape.Channels + own - 1) / own;
        var weights = operands.Weights(blocks * own, 1);
        Expr first = k.Once("first", k.Thread % blocks * own);
        var pixel = result.Pixel(k.Once("pixel", k.Thread / blocks));
        var (top, left) = (k.Once("top", WindowExpressions.Start(shape.Window.Rows, pixel.Row)),
            k.Once("left", WindowExpressions.Start(shape.Window.Columns, pixel.Column)));
        LocalExpr[] sums = [.. Enumerable.Range(0, own).Select(_ => k.Let("sum", 0))];
        k.For("c", 0, operands.Words, word =>
        {
            if (shape.Taps > MostUnrolled)
            {
                k.For("u", 0, (int)shape.Window.Rows.Kernel, u => k.For("v", 0, (int)shape.Window.Columns.Kernel, v => Tap(word, u, v)));
                return;
            }
            for (int u = 0; u < (int)shape.Window.Rows.Kernel; u++)
                for (int v = 0; v < (int)shape.Window.Columns.Kernel; v++) Tap(word, u, v);
        });
        result.Store(pixel, first, sums, mayExceed: false);
        return writer.Build(LaunchShape.Threads(blocks * shape.Pixels));

        void Tap(Expr word, Expr u, Expr v)
        {
            Expr i = k.Once("i", WindowExpressions.Tap(shape.Window.Rows, top, u));
            Expr j = k.Once("j", WindowExpressions.Tap(shape.Window.Columns, left, v));
            k.If(shape.IsInside(i, j), () =>
            {
                Expr x = k.Let("x", operands.Data(pixel.N, word, i, j));
                Expr at = k.Once("at", (((((u * (int)shape.Window.Columns.Kernel) + v) * operands.Words) + word) * (blocks * own)) + first);
                for (int c = 0; c < own; c++) k.Assign(sums[c], operands.MultiplyAdd(x, weights[at + c], sums[c]));
            });
        }
    }
}

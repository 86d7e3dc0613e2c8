using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

internal static class PoolKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All => [Of(CvmPool.MaxPool2D, MaxPool2D), Of(CvmPool.UpSampling, UpSampling)];

    // y[n, c, i, j] = max of x[n, c, i·SH - PH + u, j·SW - PW + v] over the window positions inside the data.
    private static void MaxPool2D(KernelContext context)
    {
        var (shape, result) = (context["data"].Shape, context.Output.Shape);
        var window = SlidingWindow.Of(context.Op);
        int height = shape[2], width = shape[3], at = 0;
        Span<int> y = context.Output.Span;
        for (int plane = 0; plane < shape[0] * shape[1]; plane++)
        {
            ReadOnlySpan<int> x = context["data"].Span.Slice(plane * height * width, height * width);
            for (int i = 0; i < result[2]; i++)
            {
                var rows = window.Rows.Cover(i, height);
                for (int j = 0; j < result[3]; j++) y[at++] = Largest(x, width, rows, window.Columns.Cover(j, width));
            }
        }
    }

    private static int Largest(ReadOnlySpan<int> plane, int width, (int From, int To) rows, (int From, int To) columns)
    {
        int largest = int.MinValue;
        for (int row = rows.From; row < rows.To; row++)
        {
            foreach (int x in plane[((row * width) + columns.From)..((row * width) + columns.To)])
                if (x > largest) largest = x;
        }
        return largest;
    }

    // y[n, c, h, w] = x[n, c, h div scale, w div scale]: a view with each axis split in two, the second of stride 0.
    private static void UpSampling(KernelContext context)
    {
        var shape = context["data"].Shape;
        int scale = (int)context.Op.Int("scale"), width = shape[3];
        StridedWalk.Copy(
            context["data"].Span, 0, [shape[0] * shape[1] * shape[2], scale, width, scale], [width, 0, 1, 0], context.Output.Span);
    }
}

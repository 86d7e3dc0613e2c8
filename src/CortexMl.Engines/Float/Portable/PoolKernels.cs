using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Engines.Float.Portable;

/// <summary>Windows and whole planes, their taps row by row; sums in double, rounded once.</summary>
internal static class PoolKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, FloatKernels.Factory>> All =>
    [
        new(NnPool.MaxPool2D, call => Pool(call, Largest)),
        new(NnPool.AvgPool2D, call =>
        {
            bool padded = call.Op.Bool("count_include_pad");
            return Pool(call, (plane, taps) => (float)(Sum(plane, taps) / (padded ? taps.PaddedCount : taps.Count)));
        }),
        new(NnPool.GlobalAvgPool, Mean),
    ];

    private delegate float Reduce(ReadOnlySpan<float> plane, Taps taps);

    /// <summary>The taps of one window that fall on the image.</summary>
    /// <param name="First">Of the first one in its plane.</param>
    /// <param name="Rows">Of taps.</param>
    /// <param name="RowStep">From a row of taps to the next.</param>
    /// <param name="PaddedCount">Taps on the image or its padding, but not beyond.</param>
    private readonly record struct Taps(int First, int Rows, int Columns, int RowStep, int ColumnStep, int PaddedCount)
    {
        public int Count => Rows * Columns;
    }

    private static FloatKernel Pool(FloatKernels.Call call, Reduce reduce)
    {
        Shape image = call.Op.Shape(0), result = call.Result;
        var taps = new Taps[result[2] * result[3]];
        for (int row = 0; row < result[2]; row++)
        {
            var y = Side(call.Op, image, 0, row);
            for (int column = 0; column < result[3]; column++)
            {
                var x = Side(call.Op, image, 1, column);
                taps[row * result[3] + column] =
                    new(y.First * image[3] + x.First, y.Count, x.Count, y.Step * image[3], x.Step, y.Padded * x.Padded);
            }
        }
        int plane = image[2] * image[3];
        return (operands, y) =>
        {
            for (int i = 0; i < y.Length; i++) y[i] = reduce(operands[0].AsSpan(i / taps.Length * plane, plane), taps[i % taps.Length]);
        };
    }

    /// <summary>A window along one side of the image: 0 is its height, 1 its width.</summary>
    private static (int First, int Count, int Step, int Padded) Side(RuleContext op, Shape image, int side, int position)
    {
        var padding = op.Ints("padding");
        int size = image[2 + side], before = (int)padding[side], after = (int)padding[padding.Length - 2 + side];
        int kernel = (int)op.Ints("kernel")[side], stride = (int)op.Ints("strides")[side];
        int step = op.Spec.Attribute("dilation") is null ? 1 : (int)op.Ints("dilation")[side];
        int start = position * stride - before, first = start >= 0 ? 0 : (-start + step - 1) / step;
        int end = Math.Min(kernel, (size - start + step - 1) / step);
        int padded = Math.Min(position * stride + kernel, size + before + after) - position * stride;
        return end <= first ? (0, 0, step, padded) : (start + first * step, end - first, step, padded);
    }

    private static float Largest(ReadOnlySpan<float> plane, Taps taps)
    {
        float largest = float.NegativeInfinity;
        for (int row = 0, start = taps.First; row < taps.Rows; row++, start += taps.RowStep)
        {
            for (int column = 0, at = start; column < taps.Columns; column++, at += taps.ColumnStep)
                largest = Math.Max(largest, plane[at]);
        }
        return largest;
    }

    private static double Sum(ReadOnlySpan<float> plane, Taps taps)
    {
        double sum = 0;
        for (int row = 0, start = taps.First; row < taps.Rows; row++, start += taps.RowStep)
        {
            for (int column = 0, at = start; column < taps.Columns; column++, at += taps.ColumnStep) sum += plane[at];
        }
        return sum;
    }

    private static FloatKernel Mean(FloatKernels.Call call)
    {
        int plane = call.Op.Shape(0)[2] * call.Op.Shape(0)[3];
        return (operands, result) =>
        {
            for (int i = 0; i < result.Length; i++)
            {
                double sum = 0;
                foreach (float x in operands[0].AsSpan(i * plane, plane)) sum += x;
                result[i] = (float)(sum / plane);
            }
        };
    }
}

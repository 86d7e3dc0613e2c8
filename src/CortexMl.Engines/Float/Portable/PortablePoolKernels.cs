using System.Runtime.CompilerServices;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Engines.Float.Portable;

/// <summary>Windows and whole planes, their taps row by row; sums in double, rounded once.</summary>
internal static class PortablePoolKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, PortableKernels.Factory>> All =>
    [
        new(NnPool.MaxPool2D, call => Pool(call, Largest)),
        new(NnPool.AvgPool2D, call =>
        {
            bool padded = call.Op.Bool("count_include_pad");
            return Pool(call, (plane, taps) => (float)(Sum(plane, taps) / (padded ? taps.PaddedCount : taps.Count)));
        }),
        new(NnPool.GlobalAvgPool, Mean),
    ];

    private delegate float Reduce(ReadOnlySpan<float> plane, WindowTaps taps);

    /// <summary>The taps of one window that fall on the image.</summary>
    /// <param name="First">Of the first one in its plane.</param>
    /// <param name="Rows">Of taps.</param>
    /// <param name="RowStep">From a row of taps to the next.</param>
    /// <param name="PaddedCount">Taps on the image or its padding, but not beyond.</param>
    private readonly record struct WindowTaps(int First, int Rows, int Columns, int RowStep, int ColumnStep, int PaddedCount)
    {
        public int Count => Rows * Columns;
    }

    private static PortableKernel Pool(PortableKernels.Call call, Reduce reduce)
    {
        Shape image = call.Op.Shape(0), result = call.Result;
        var window = SlidingWindow.Of(call.Op);
        var taps = new WindowTaps[result[2] * result[3]];
        for (int row = 0; row < result[2]; row++)
        {
            var y = Side(window.Rows, image[2], row);
            for (int column = 0; column < result[3]; column++)
            {
                var x = Side(window.Columns, image[3], column);
                taps[row * result[3] + column] =
                    new(y.First * image[3] + x.First, y.Count, x.Count, y.Step * image[3], x.Step, y.Padded * x.Padded);
            }
        }
        int plane = image[2] * image[3];
        return (operands, y) => Windows(operands[0], plane, taps, reduce, y);
    }

    // Optimised at the first call, as products are.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Windows(float[] image, int plane, WindowTaps[] taps, Reduce reduce, float[] y)
    {
        for (int at = 0, from = 0; at < y.Length; from += plane)
        {
            var seen = image.AsSpan(from, plane);
            foreach (var window in taps) y[at++] = reduce(seen, window);
        }
    }

    /// <summary>The taps that see the image, along one of its sides.</summary>
    private static (int First, int Count, int Step, int Padded) Side(WindowAxis axis, int size, int position)
    {
        var (from, to) = axis.Taps(position, size);
        int step = (int)axis.Dilation, padded = (int)axis.PaddedTaps(position, size);
        return to <= from ? (0, 0, step, padded) : ((int)(axis.Start(position) + from * step), (int)(to - from), step, padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest(ReadOnlySpan<float> plane, WindowTaps taps)
    {
        float largest = float.NegativeInfinity;
        for (int row = 0, start = taps.First; row < taps.Rows; row++, start += taps.RowStep)
        {
            for (int column = 0, at = start; column < taps.Columns; column++, at += taps.ColumnStep)
                largest = Math.Max(largest, plane[at]);
        }
        return largest;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Sum(ReadOnlySpan<float> plane, WindowTaps taps)
    {
        double sum = 0;
        for (int row = 0, start = taps.First; row < taps.Rows; row++, start += taps.RowStep)
        {
            for (int column = 0, at = start; column < taps.Columns; column++, at += taps.ColumnStep) sum += plane[at];
        }
        return sum;
    }

    private static PortableKernel Mean(PortableKernels.Call call)
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

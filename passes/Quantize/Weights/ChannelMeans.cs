using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>
/// The mean of each channel of what a layer reads: of each element as often as windows of the layer see it, padding as zeros. Sums are in
/// double and in the order of the samples.
/// </summary>
internal sealed class ChannelMeans
{
    private readonly double[] _sums;

    /// <summary>How many windows see each row, and each column.</summary>
    private readonly double[] _rows, _columns;

    /// <summary>Numbers of one channel that the windows of one sample see.</summary>
    private readonly double _each;

    private long _samples;

    public ChannelMeans(Operation layer)
    {
        var data = layer["data"].Type.Shape;
        _sums = new double[data[1]];
        (_rows, _columns, _each) = ([1], [1], data[0]);
        if (layer.Spec != NnConv.Conv2D) return;
        var (window, result) = (SlidingWindow.Of(layer), layer.Result.Type.Shape);
        (_rows, _columns) = (Seen(window.Rows, data[2], result[2]), Seen(window.Columns, data[3], result[3]));
        _each *= result[2] * result[3] * window.TapCount;
    }

    /// <param name="data">Of one sample.</param>
    public void Add(ReadOnlySpan<float> data)
    {
        int rows = _rows.Length, columns = _columns.Length;
        for (int plane = 0, at = 0; at < data.Length; plane++)
        {
            double sum = 0;
            foreach (double row in _rows)
            {
                double across = 0;
                for (int x = 0; x < columns; x++) across += _columns[x] * data[at + x];
                sum += row * across;
                at += columns;
            }
            _sums[plane % _sums.Length] += sum;
        }
        _samples++;
    }

    /// <summary>Six digits are more than a few samples tell, and read well.</summary>
    public double[] Result() => [.. _sums.Select(sum => SixDigits(sum / (_samples * _each)))];

    private static double[] Seen(WindowAxis axis, int size, int results)
    {
        double[] seen = new double[size];
        for (int result = 0; result < results; result++)
            for (int tap = 0; tap < axis.Kernel; tap++)
                if (result * axis.Stride + tap * axis.Dilation - axis.Before is >= 0 and var at && at < size) seen[at]++;
        return seen;
    }

    private static double SixDigits(double number)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        return double.Parse(number.ToString("G6", culture), culture);
    }
}

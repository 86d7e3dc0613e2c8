using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Passes.Quantize;

namespace CortexMl.Passes.Calibrate.Judging;

/// <summary>
/// What saturation is expected to cost a value, from the statistics of all samples: the few that are drawn hardly hold the rare large
/// numbers that matter, and other data have larger ones.
/// </summary>
internal sealed class ExpectedSaturation
{
    private readonly ChannelStatistics _channels;
    private readonly double _width;
    private readonly double[] _squares;

    public ExpectedSaturation(ValueStatistics statistics)
    {
        _channels = statistics.Channels ?? statistics.Whole;
        _width = statistics.Histogram.Width;
        _squares = Squares(statistics.Histogram.Magnitudes());
    }

    /// <returns>Squared sum of what is cut off, for each sample.</returns>
    public double Of(Scale scales)
    {
        double bound = Precisions.Bound(DemandPrecision.Data), sum = 0;
        for (int c = 0; c < _channels.Channels; c++)
        {
            double reach = bound / scales.At(c);
            sum += Seen(reach, c) + Unseen(reach, c);
        }
        return sum / Math.Max(1, _channels.Samples);
    }

    /// <summary>Of the numbers beyond a reach each channel that had such has the same part.</summary>
    private double Seen(double reach, int channel)
    {
        if (_channels.AbsMax(channel) <= reach) return 0;
        int others = 0;
        for (int c = 0; c < _channels.Channels; c++)
            if (_channels.AbsMax(c) > reach) others++;
        double place = Math.Min(reach / _width, _squares.Length - 1);
        int bin = (int)place;
        double next = _squares[Math.Min(bin + 1, _squares.Length - 1)];
        return (_squares[bin] + (next - _squares[bin]) * (place - bin)) * _width * _width / others;
    }

    /// <summary>
    /// Of an exponential tail of scale t, of which the largest of all samples was seen: 2 t², by a factor of e less for each t that the
    /// reach is beyond it.
    /// </summary>
    private double Unseen(double reach, int channel)
    {
        double t = _channels.TailScale(channel), beyond = Math.Max(0, reach - _channels.AbsMax(channel));
        return t == 0 ? 0 : 2 * t * t * PortableMath.Exp(-beyond / t);
    }

    /// <summary>For each bin edge k: Σ (centre - k)² of the numbers beyond it, in bins' widths.</summary>
    private static double[] Squares(long[] magnitudes)
    {
        var squares = new double[magnitudes.Length + 1];
        double count = 0, sum = 0, all = 0;
        for (int k = magnitudes.Length - 1; k >= 0; k--)
        {
            double centre = k + 0.5, more = magnitudes[k];
            count += more;
            sum += more * centre;
            all += more * centre * centre;
            squares[k] = Math.Max(0, all - 2 * k * sum + (double)k * k * count);
        }
        return squares;
    }
}

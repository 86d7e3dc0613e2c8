using System.Runtime.CompilerServices;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Magnitudes of each channel of a value, counted in bins of a quarter of an octave (the exponent and two bits of an f32). Of each
/// channel the bins of the topmost 16 octaves are kept: what lies below them is no more than a rounding error of the channel. What is
/// kept depends on the numbers and not on their order.
/// </summary>
/// <param name="channels">Size of the channel axis.</param>
/// <param name="inner">Elements behind the channel axis: element i is of channel i / inner mod channels.</param>
public sealed class ChannelStatistics(int channels, int inner)
{
    /// <summary>Bins kept for each channel.</summary>
    private const int Window = 64;

    /// <summary>So many bits of an f32 lie below the two of its significand that a bin keeps.</summary>
    private const int DroppedBits = 21;

    /// <summary>Levels on each side of zero at 8 bits.</summary>
    private const int Levels = 127;

    private readonly float[] _most = new float[channels];
    private readonly long[] _counts = new long[(long)channels * Window];
    private readonly int[] _top = new int[channels];

    public int Channels => channels;

    /// <summary>Numbers seen in each channel.</summary>
    public long Count { get; private set; }

    /// <summary>The largest magnitude seen in a channel.</summary>
    public double AbsMax(int channel) => _most[channel];

    /// <param name="values">Finite numbers of whole samples.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> values)
    {
        for (int start = 0; start < values.Length; start += inner)
        {
            int channel = start / inner % channels;
            var counts = _counts.AsSpan(channel * Window, Window);
            float most = _most[channel];
            foreach (float value in values.Slice(start, inner))
            {
                float magnitude = Math.Abs(value);
                if (magnitude > most) most = magnitude;
                int bin = Bin(magnitude), below = _top[channel] - bin;
                if (bin == 0) continue;
                if (below < 0) Tally(channel, bin, 1);
                else if (below < Window) counts[below]++;
            }
            _most[channel] = most;
        }
        Count += values.Length / channels;
    }

    public void Merge(ChannelStatistics other)
    {
        for (int channel = 0; channel < channels; channel++)
        {
            _most[channel] = Math.Max(_most[channel], other._most[channel]);
            for (int k = 0; k < Window; k++)
                if (other._counts[channel * Window + k] is > 0 and var count) Tally(channel, other._top[channel] - k, count);
        }
        Count += other.Count;
    }

    /// <summary>
    /// The threshold with the least squared error at 8 bits, as <see cref="SquareErrorThreshold"/> has it, of the edges of bins and the
    /// largest magnitude; 0 for a channel of zeros.
    /// </summary>
    public double LeastSquares(int channel)
    {
        var counts = _counts.AsSpan(channel * Window, Window);
        double within = 0;
        for (int k = 0; k < Window; k++) within += counts[k];
        if (_most[channel] == 0) return 0;
        double cut = 0, sum = 0, squares = 0, best = _most[channel], least = within * best * best / (Levels * Levels * 12.0);
        for (int k = 0; k < Window; k++)
        {
            double low = Edge(_top[channel] - k), centre = (low + Math.Min(Edge(_top[channel] - k + 1), _most[channel])) / 2;
            within -= counts[k];
            cut += counts[k];
            sum += counts[k] * centre;
            squares += counts[k] * centre * centre;
            double error = within * low * low / (Levels * Levels * 12.0) + squares - 2 * low * sum + low * low * cut;
            if (error < least && low > 0) (least, best) = (error, low);
        }
        return best;
    }

    private static int Bin(float magnitude) => (int)(BitConverter.SingleToUInt32Bits(magnitude) >> DroppedBits);

    /// <summary>The smallest magnitude of a bin.</summary>
    private static double Edge(int bin) => bin <= 0 ? 0 : BitConverter.UInt32BitsToSingle((uint)bin << DroppedBits);

    private void Tally(int channel, int bin, long count)
    {
        if (bin == 0) return;
        var counts = _counts.AsSpan(channel * Window, Window);
        int rise = bin - _top[channel];
        if (rise > 0)
        {
            _top[channel] = bin;
            if (rise < Window) counts[..^rise].CopyTo(counts[rise..]);
            counts[..Math.Min(rise, Window)].Clear();
            rise = 0;
        }
        if (-rise < Window) counts[-rise] += count;
    }
}

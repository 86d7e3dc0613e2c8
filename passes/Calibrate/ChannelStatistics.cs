using System.Runtime.CompilerServices;
using CortexMl.Numerics;
using CortexMl.Passes.Calibrate.Parts;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// How far each channel of a value reaches: the largest magnitudes that four samples had in it. Any order of the samples and any split of
/// them into parts that are merged gives the same.
/// </summary>
/// <param name="channels">Size of the channel axis.</param>
/// <param name="inner">Elements behind the channel axis: element i is of channel i / inner mod channels.</param>
public sealed class ChannelStatistics(int channels, int inner)
{
    /// <summary>Samples whose largest magnitudes are kept.</summary>
    private const int Kept = 4;

    /// <summary>Of an exponential tail of scale t the largest and the fourth are t · (1 + 1/2 + 1/3) apart on average.</summary>
    private const double MeanDistance = 1 + 1 / 2.0 + 1 / 3.0;

    /// <summary>[channels, kept], the largest first.</summary>
    private readonly float[] _largest = new float[channels * Kept];

    /// <summary>Size of the channel axis.</summary>
    public int Channels => channels;

    /// <summary>Numbers seen in each channel.</summary>
    public long Count { get; private set; }

    /// <summary>Of so many samples.</summary>
    public long Samples { get; private set; }

    /// <summary>The largest magnitude seen in a channel.</summary>
    public double AbsMax(int channel) => _largest[channel * Kept];

    /// <summary>Of a tail that falls exponentially: by how far numbers get rarer by a factor of e.</summary>
    public double TailScale(int channel) => (AbsMax(channel) - _largest[channel * Kept + Kept - 1]) / MeanDistance;

    /// <summary>
    /// By how much the largest magnitude of a channel is expected to grow with some more samples, where its tail is exponential: by its
    /// scale with each e-fold of them. Of fewer samples than four the others count as zero.
    /// </summary>
    public double Growth(int channel, int more)
    {
        return TailScale(channel) * PortableMath.Log(1 + (double)more / Math.Max(Kept, Samples));
    }

    /// <summary>Takes up the numbers of samples.</summary>
    /// <param name="values">Finite numbers of whole samples.</param>
    public void Add(ReadOnlySpan<float> values)
    {
        for (int start = 0; start < values.Length; start += inner) Insert(start / inner % channels, Largest(values.Slice(start, inner)));
        Count += values.Length / channels;
        Samples += values.Length / (channels * inner);
    }

    /// <summary>Of a value as one channel: the largest magnitude of a sample.</summary>
    internal void Add(float magnitude, long count)
    {
        Insert(0, magnitude);
        (Count, Samples) = (Count + count, Samples + 1);
    }

    /// <summary>Takes up what another one of the same channels saw.</summary>
    public void Merge(ChannelStatistics other)
    {
        for (int i = 0; i < _largest.Length; i++) Insert(i / Kept, other._largest[i]);
        (Count, Samples) = (Count + other.Count, Samples + other.Samples);
    }

    //  samples, then of each channel its largest magnitudes, the largest first, 4 bytes each
    internal void Write(CompactWriter bytes)
    {
        bytes.Add(Samples);
        foreach (float magnitude in _largest) bytes.Add(magnitude);
    }

    /// <param name="count">Numbers that the other one saw in all channels.</param>
    /// <exception cref="FormatException">Statistics that no samples have.</exception>
    internal void Merge(ref CompactReader bytes, long count)
    {
        long samples = bytes.Whole(count / channels);
        if (count % channels != 0) throw new FormatException("channels have different numbers of numbers");
        for (int i = 0; i < _largest.Length; i++)
        {
            float magnitude = bytes.Number();
            if (magnitude < 0) throw new FormatException("a magnitude is below zero");
            Insert(i / Kept, magnitude);
        }
        (Count, Samples) = (Count + count / channels, Samples + samples);
    }

    private void Insert(int channel, float magnitude)
    {
        var kept = _largest.AsSpan(channel * Kept, Kept);
        foreach (ref float place in kept)
            if (magnitude > place) (place, magnitude) = (magnitude, place);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static float Largest(ReadOnlySpan<float> values)
    {
        float most = 0;
        foreach (float value in values) most = Math.Max(most, Math.Abs(value));
        return most;
    }
}

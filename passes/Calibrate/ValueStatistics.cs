using System.Runtime.CompilerServices;
using CortexMl.Passes.Calibrate.Parts;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// What is known about the numbers that one value took. Any order of the data and any split of it into parts that are merged gives the
/// same statistics.
/// </summary>
/// <param name="channels">Statistics of its channels too, where they are wanted.</param>
public sealed class ValueStatistics(ChannelStatistics? channels = null)
{
    /// <summary>Statistics of each channel of a value that a convolution or dense layer reads; else null.</summary>
    public ChannelStatistics? Channels => channels;

    /// <summary>The whole value as one channel.</summary>
    public ChannelStatistics Whole { get; } = new(1, 1);

    /// <summary>How many numbers were seen.</summary>
    public long Count { get; private set; }

    /// <summary>The smallest number seen; 0 before any.</summary>
    public float Min { get; private set; }

    /// <summary>The largest number seen; 0 before any.</summary>
    public float Max { get; private set; }

    /// <summary>Where the numbers lie.</summary>
    public Histogram Histogram { get; } = new();

    /// <summary>The largest magnitude seen: what no threshold needs to exceed.</summary>
    public double AbsMax => Math.Max(Math.Abs((double)Min), Math.Abs((double)Max));

    /// <summary>Mean of the histogram's bin centres, held within what was seen.</summary>
    public double Mean => Count == 0 ? 0 : Math.Clamp((double)Moments().First / Count * (Histogram.Width / 2), Min, Max);

    /// <summary>Standard deviation of the bin centres; 0 where all numbers were the same.</summary>
    public double Deviation
    {
        get
        {
            if (Min == Max) return 0;
            var (first, second) = Moments();
            Int128 spread = Count * second - first * first;
            return Math.Sqrt((double)spread) / Count * (Histogram.Width / 2);
        }
    }

    /// <summary>Takes up the numbers of one sample.</summary>
    /// <returns>
    /// The index of the first number that is NaN or infinite, which leaves the statistics as they were; -1 where there is none.
    /// </returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public int Add(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty) return -1;
        float min = float.PositiveInfinity, max = float.NegativeInfinity;
        bool finite = true;
        foreach (float value in values)
        {
            finite &= float.IsFinite(value);
            if (value < min) min = value;
            if (value > max) max = value;
        }
        if (!finite) return FirstNotFinite(values);
        Extend(min, max, values.Length);
        Whole.Add(Math.Max(Math.Abs(min), Math.Abs(max)), values.Length);
        Histogram.Add(values, min, max);
        channels?.Add(values);
        return -1;
    }

    /// <summary>Takes up what another one saw, as if its numbers were added here.</summary>
    public void Merge(ValueStatistics other)
    {
        if (other.Count == 0) return;
        Extend(other.Min, other.Max, other.Count);
        Histogram.Merge(other.Histogram);
        Whole.Merge(other.Whole);
        if (other.Channels is { } more) channels?.Merge(more);
    }

    //  0                            nothing was seen; else
    //  count, min, max              the numbers, 4 bytes each
    //  whole, channels              see ChannelStatistics.Write
    //  histogram                    see Histogram.Write
    internal void Write(CompactWriter bytes)
    {
        bytes.Add(Count);
        if (Count == 0) return;
        bytes.Add(Min);
        bytes.Add(Max);
        Whole.Write(bytes);
        channels?.Write(bytes);
        Histogram.Write(bytes);
    }

    /// <summary>Takes up what <see cref="Write"/> wrote of another one of the same value.</summary>
    /// <param name="samples">That the other one saw.</param>
    /// <exception cref="FormatException">Statistics that no samples have.</exception>
    internal void Merge(ref CompactReader bytes, int samples)
    {
        long count = bytes.Whole((long)samples * int.MaxValue);
        if (count == 0) return;
        float min = bytes.Number(), max = bytes.Number();
        if (min > max) throw new FormatException("a smallest number is larger than the largest");
        Extend(min, max, count);
        Whole.Merge(ref bytes, count);
        channels?.Merge(ref bytes, count);
        Histogram.Merge(ref bytes, count);
    }

    /// <summary>Adding 0 turns -0 into 0, so that the order of the two does not show.</summary>
    private void Extend(float min, float max, long count)
    {
        Min = (Count == 0 ? min : Math.Min(Min, min)) + 0f;
        Max = (Count == 0 ? max : Math.Max(Max, max)) + 0f;
        Count += count;
    }

    /// <summary>Σ c and Σ c² over all numbers, c the bin centre in half widths: an odd integer, so the sums are exact.</summary>
    private (Int128 First, Int128 Second) Moments()
    {
        Int128 first = 0, second = 0;
        Histogram.Each((bin, count) =>
        {
            int centre = 2 * (bin - Histogram.Half) + 1;
            first += (Int128)count * centre;
            second += (Int128)count * (centre * centre);
        });
        return (first, second);
    }

    private static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        int index = 0;
        while (float.IsFinite(values[index])) index++;
        return index;
    }
}

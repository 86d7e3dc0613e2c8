using System.Runtime.CompilerServices;
using CortexMl.Passes.Calibrate.Parts;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Counts of 4096 bins of equal width over [-2^e, 2^e). The range only ever doubles, and then every two bins become one, so the counts
/// depend on which numbers were added and not on their order or grouping: bin i always holds the v with floor(v / 2^(e-11)) = i - 2048.
/// </summary>
public sealed class Histogram
{
    /// <summary>Number of bins: bin i holds v in [i - 2048, i - 2047) widths.</summary>
    public const int Bins = 4096;

    /// <summary>Number of bins on each side of zero.</summary>
    public const int Half = Bins / 2;

    private const int HalfBits = 11;

    /// <summary>The range of an empty histogram: every smaller number counts as almost zero.</summary>
    private const int MinExponent = -126;

    /// <summary>Of a range that holds every number.</summary>
    private const int MaxExponent = 128;

    /// <summary>So few bins are counted without an array for all: the values of a long network may be small.</summary>
    private const int MostFew = 128;

    /// <summary>The bins that are not empty, in their order, while they are few; then they are in <see cref="_counts"/>.</summary>
    private SortedList<int, long> _few = [];

    private long[]? _counts;

    /// <summary>e of the range [-2^e, 2^e): the smallest that holds all numbers.</summary>
    public int Exponent { get; private set; } = MinExponent;

    /// <summary>Width of a bin in the value's own units, a power of two: 2^(e-11).</summary>
    public double Width => Math.ScaleB(1, Exponent - HalfBits);

    /// <summary>How many numbers each bin holds, 4096 counts, the most negative first.</summary>
    public ReadOnlySpan<long> Counts => _counts ?? Spread(_few);

    /// <summary>Bins that take memory: the ones that are not empty while they are few, else all.</summary>
    public int Held => _counts?.Length ?? _few.Count;

    /// <summary>Counts more numbers; the range doubles until it holds them.</summary>
    /// <param name="values">Finite numbers.</param>
    /// <param name="min">The smallest of them.</param>
    /// <param name="max">The largest of them.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(ReadOnlySpan<float> values, float min, float max)
    {
        Widen(Math.Max(ExponentAbove(max), ExponentFrom(min)));
        double scale = 1 / Width;
        if (values.Length > MostFew) Spread();
        if (_counts is { } counts)
        {
            foreach (float value in values) counts[(int)Math.Floor(value * scale) + Half]++;
            return;
        }
        foreach (float value in values) Count((int)Math.Floor(value * scale) + Half, 1);
    }

    /// <summary>Adds what another one counted, in the wider of both ranges.</summary>
    public void Merge(Histogram other)
    {
        Widen(other.Exponent);
        int shift = Exponent - other.Exponent;
        other.Each((bin, count) => Count(Shifted(bin, shift), count));
    }

    //  e + 126, number of bins that are not empty, then of each the empty bins before it and its count
    internal void Write(CompactWriter bytes)
    {
        int bins = 0, next = 0;
        Each((_, _) => bins++);
        bytes.Add(Exponent - MinExponent);
        bytes.Add(bins);
        Each((bin, count) =>
        {
            bytes.Add(bin - next);
            bytes.Add(count);
            next = bin + 1;
        });
    }

    /// <param name="count">Numbers that the other one counted.</param>
    /// <exception cref="FormatException">No such counts.</exception>
    internal void Merge(ref CompactReader bytes, long count)
    {
        int exponent = MinExponent + (int)bytes.Whole(MaxExponent - MinExponent), bins = (int)bytes.Whole(Bins), next = 0;
        Widen(exponent);
        int shift = Exponent - exponent;
        for (int i = 0; i < bins; i++)
        {
            int bin = next + (int)bytes.Whole(Bins - 1 - next);
            long counted = bytes.Whole(count);
            Count(Shifted(bin, shift), counted);
            count -= counted;
            next = bin + 1;
        }
        if (count != 0) throw new FormatException("a histogram does not count every number");
    }

    /// <summary>Counts by magnitude, 2048 of them: entry k holds |v| in [k, k+1] widths, the sign forgotten. A copy.</summary>
    public long[] Magnitudes()
    {
        var result = new long[Half];
        Each((bin, count) => result[bin >= Half ? bin - Half : Half - 1 - bin] += count);
        return result;
    }

    private void Widen(int exponent)
    {
        if (exponent <= Exponent) return;
        int doublings = exponent - Exponent;
        var (few, counts) = (_few, _counts);
        (_few, _counts) = ([], counts is null ? null : new long[Bins]);
        Each(few, counts, (bin, count) => Count(Shifted(bin, doublings), count));
        Exponent = exponent;
    }

    private void Count(int bin, long count)
    {
        if (_counts is null)
        {
            _few[bin] = _few.GetValueOrDefault(bin) + count;
            if (_few.Count <= MostFew) return;
            Spread();
            return;
        }
        _counts[bin] += count;
    }

    /// <summary>The bins that are not empty, in their order, each with its count.</summary>
    public void Each(Action<int, long> visit) => Each(_few, _counts, visit);

    private static void Each(SortedList<int, long> few, long[]? counts, Action<int, long> visit)
    {
        if (counts is null)
            foreach (var (bin, count) in few) visit(bin, count);
        else
            for (int bin = 0; bin < Bins; bin++)
                if (counts[bin] != 0) visit(bin, counts[bin]);
    }

    private void Spread()
    {
        _counts ??= Spread(_few);
        _few = [];
    }

    private static long[] Spread(SortedList<int, long> few)
    {
        var counts = new long[Bins];
        foreach (var (bin, count) in few) counts[bin] = count;
        return counts;
    }

    /// <summary>The bin that bin <paramref name="i"/> falls into when the range doubles <paramref name="doublings"/> times.</summary>
    private static int Shifted(int i, int doublings) => ((i - Half) >> Math.Min(doublings, 31)) + Half;

    /// <summary>The smallest e with v &lt; 2^e.</summary>
    private static int ExponentAbove(double v) => v <= 0 ? MinExponent : Math.ILogB(v) + 1;

    /// <summary>The smallest e with -2^e &lt;= v.</summary>
    private static int ExponentFrom(double v)
    {
        if (v >= 0) return MinExponent;
        int exponent = Math.ILogB(v);
        return Math.ScaleB(-1, exponent) <= v ? exponent : exponent + 1;
    }
}

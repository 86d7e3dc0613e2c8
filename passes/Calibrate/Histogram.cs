namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Counts of 4096 bins of equal width over [-2^e, 2^e). The range only ever doubles, and then every two bins become one, so the counts depend on
/// which numbers were added and not on their order or grouping: bin i always holds the v with floor(v / 2^(e-11)) = i - 2048.
/// </summary>
public sealed class Histogram
{
    public const int Bins = 4096;

    /// <summary>Number of bins on each side of zero.</summary>
    public const int Half = Bins / 2;

    private const int HalfBits = 11;

    /// <summary>The range of an empty histogram: every smaller number counts as almost zero.</summary>
    private const int MinExponent = -126;

    private long[] _counts = new long[Bins];

    /// <summary>e of the range.</summary>
    public int Exponent { get; private set; } = MinExponent;

    /// <summary>Width of a bin, a power of two.</summary>
    public double Width => Math.ScaleB(1, Exponent - HalfBits);

    public ReadOnlySpan<long> Counts => _counts;

    /// <param name="values">Finite numbers.</param>
    /// <param name="min">The smallest of them.</param>
    /// <param name="max">The largest of them.</param>
    public void Add(ReadOnlySpan<float> values, float min, float max)
    {
        Widen(Math.Max(ExponentAbove(max), ExponentFrom(min)));
        double scale = 1 / Width;
        long[] counts = _counts;
        foreach (float value in values) counts[(int)Math.Floor(value * scale) + Half]++;
    }

    public void Merge(Histogram other)
    {
        Widen(other.Exponent);
        int shift = Exponent - other.Exponent;
        for (int i = 0; i < Bins; i++) _counts[Shifted(i, shift)] += other._counts[i];
    }

    /// <summary>Counts by magnitude: entry k holds |v| in [k, k+1] widths, the sign forgotten.</summary>
    public long[] Magnitudes()
    {
        var result = new long[Half];
        for (int k = 0; k < Half; k++) result[k] = _counts[Half + k] + _counts[Half - 1 - k];
        return result;
    }

    private void Widen(int exponent)
    {
        if (exponent <= Exponent) return;
        var wider = new long[Bins];
        for (int i = 0; i < Bins; i++) wider[Shifted(i, exponent - Exponent)] += _counts[i];
        _counts = wider;
        Exponent = exponent;
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

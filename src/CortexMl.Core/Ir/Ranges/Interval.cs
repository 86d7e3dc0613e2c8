using System.Globalization;

namespace CortexMl.Ir.Ranges;

/// <summary>
/// All integers from <paramref name="Lo"/> to <paramref name="Hi"/>. Arithmetic is exact within ±2^62 and saturates there, so that a
/// bound is never lost.
/// </summary>
public readonly record struct Interval(long Lo, long Hi)
{
    private const long Limit = 1L << 62;

    public static readonly Interval Int32 = new(int.MinValue, int.MaxValue);

    public static Interval Of(long value) => new(value, value);

    /// <summary>±<paramref name="bound"/>.</summary>
    public static Interval Symmetric(long bound) => new(-bound, bound);

    /// <summary>The largest absolute value.</summary>
    public long Magnitude => Math.Max(Math.Abs(Lo), Math.Abs(Hi));

    /// <summary>The smallest CVM precision that holds every value; 33 or more where int32 does not.</summary>
    public int Precision => Precisions.Of(Magnitude);

    public bool FitsInt32 => Lo >= int.MinValue && Hi <= int.MaxValue;

    public bool IsWithin(long lo, long hi) => Lo >= lo && Hi <= hi;

    public bool Contains(long value) => Lo <= value && value <= Hi;

    public Interval Hull(Interval other) => new(Math.Min(Lo, other.Lo), Math.Max(Hi, other.Hi));

    public Interval Clamp(long lo, long hi) => new(Math.Clamp(Lo, lo, hi), Math.Clamp(Hi, lo, hi));

    public Interval Max(Interval other) => new(Math.Max(Lo, other.Lo), Math.Max(Hi, other.Hi));

    /// <summary>Every value mapped by a function that never decreases.</summary>
    public Interval Monotone(Func<long, long> f) => new(f(Lo), f(Hi));

    public Interval Abs() => Lo >= 0 ? this : Hi <= 0 ? -this : new Interval(0, Magnitude);

    public static Interval operator -(Interval a) => new(-a.Hi, -a.Lo);

    public static Interval operator +(Interval a, Interval b) => new(Sum(a.Lo, b.Lo), Sum(a.Hi, b.Hi));

    public static Interval operator -(Interval a, Interval b) => a + -b;

    public static Interval operator *(Interval a, Interval b)
    {
        Int128 p = (Int128)a.Lo * b.Lo, q = (Int128)a.Lo * b.Hi, r = (Int128)a.Hi * b.Lo, s = (Int128)a.Hi * b.Hi;
        return Saturate(Int128.Min(Int128.Min(p, q), Int128.Min(r, s)), Int128.Max(Int128.Max(p, q), Int128.Max(r, s)));
    }

    /// <summary>The sum of <paramref name="count"/> values, each anywhere in the interval.</summary>
    public Interval Times(long count) => this * Of(count);

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"[{Lo}, {Hi}]");

    private static long Sum(long a, long b)
    {
        long sum = unchecked(a + b);
        // Wrapped: both have one sign and the sum the other.
        if (((a ^ sum) & (b ^ sum)) < 0) return a < 0 ? -Limit : Limit;
        return Math.Clamp(sum, -Limit, Limit);
    }

    private static Interval Saturate(Int128 lo, Int128 hi) =>
        new((long)Int128.Clamp(lo, -Limit, Limit), (long)Int128.Clamp(hi, -Limit, Limit));
}

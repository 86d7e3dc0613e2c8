using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

/// <summary>
/// The runtime demands precision(x) + precision(m) &lt;= 32 where x is multiplied by m. A clip in front lowers precision(x) without
/// changing the result when either nothing reaches it, or what it cuts off would saturate at the target precision anyway
/// (passes/Quantize/README.md §4).
/// </summary>
internal static class ShiftBudget
{
    /// <summary>Bits that data and multiplier have together.</summary>
    public const int Total = 32;

    /// <summary>The portable rules' largest shift.</summary>
    public const int MaxShift = 30;

    /// <summary>The smallest clip precision q that cannot change round(x · m · 2^-shift) saturated at ±α(precision).</summary>
    /// <param name="bound">Proven largest |x|.</param>
    /// <param name="leastMultiplier">Smallest m of any channel.</param>
    public static int ClipPrecision(long bound, int precision, long leastMultiplier, int shift)
    {
        int proven = Precisions.Of(bound);
        // α(q)·m ≥ (α(p) + ½)·2^b  ⇔  2·α(q)·m ≥ (2·α(p) + 1)·2^b
        Int128 saturated = (Int128)(2 * Precisions.Bound(precision) + 1) << shift;
        for (int q = 2; q < proven; q++)
            if ((Int128)2 * Precisions.Bound(q) * leastMultiplier >= saturated) return q;
        return proven;
    }

    /// <summary>
    /// Whether a multiplication by multipliers up to <paramref name="most"/> fits; a factor of 1 needs no multiplication at all.
    /// </summary>
    public static bool Fits(int clipPrecision, long most) =>
        most == 1 ? clipPrecision <= Total : clipPrecision + Precisions.Of(most) <= Total;
}

using CortexMl.Ir;
using CortexMl.Ops.Ranges;
using CortexMl.Passes.Quantize;

namespace CortexMl.Passes.Target;

/// <summary>
/// A shift that frees bits, multipliers and a second shift that bring integers to another scale, or to one for each channel: x ↦
/// ((x >> First) · m_c) >> Shift is x · ratio_c nearly (passes/Quantize/README.md §4).
/// </summary>
/// <param name="First">The shift in front; 0 where the multipliers have bits enough.</param>
/// <param name="Multipliers">One, or one for each channel.</param>
internal sealed record RatioChoice(int First, long[] Multipliers, int Shift)
{
    /// <summary>A ratio that is missed by more than this share of itself shows.</summary>
    public const double Coarse = 1.0 / 512;

    /// <summary>Bits that the smallest multiplier should have at least: the error of its ratio is then below 2^-10.</summary>
    private const int MultiplierBits = 10;

    /// <param name="ratios">Positive.</param>
    /// <param name="bound">Proven largest magnitude of what is multiplied.</param>
    /// <param name="precision">Of the result.</param>
    /// <returns>Null where nothing fits 32 bits.</returns>
    public static RatioChoice? Of(IReadOnlyList<double> ratios, long bound, int precision)
    {
        var best = Nearest(ratios, 0, bound, precision);
        double error = best?.Error(ratios) ?? double.PositiveInfinity;
        // Few bits may be as good as many: a ratio of 1 + 2^-52 is a multiplier of 1.
        if (error < 1.0 / (1 << MultiplierBits)) return best;
        for (int first = 1; best is null || Precisions.Bits(best.Multipliers.Min()) < MultiplierBits; first++)
        {
            // Keep four bits more than the result has, so that the first rounding does not show.
            if (Precisions.Of(bound >> first) < precision + 4) break;
            if (Nearest(ratios, first, bound, precision) is not { } choice || choice.Error(ratios) >= error) continue;
            (best, error) = (choice, choice.Error(ratios));
        }
        return best;
    }

    /// <summary>The ratio that is missed most, as a share of itself, and what it became.</summary>
    public (double Ratio, double Achieved) Worst(IReadOnlyList<double> ratios) =>
        ratios.Select((ratio, c) => (ratio, Achieved(c))).MaxBy(p => Math.Abs(p.Item2 / p.ratio - 1));

    private double Error(IReadOnlyList<double> ratios)
    {
        var (ratio, achieved) = Worst(ratios);
        return Math.Abs(achieved - ratio) / ratio;
    }

    private double Achieved(int channel) => Multipliers[channel] / (double)(1L << Shift) / (1L << First);

    /// <summary>The largest shift whose multipliers, rounded, fit; common factors of 2 are taken out.</summary>
    private static RatioChoice? Nearest(IReadOnlyList<double> ratios, int first, long bound, int precision)
    {
        long rest = first == 0 ? bound : RequantizeIntervals.Rounded(bound, first);
        for (int shift = ShiftBudget.MaxShift; shift >= 0; shift--)
        {
            double[] exact = [.. ratios.Select(r => Math.Floor(r * (1L << first) * (1L << shift) + 0.5))];
            if (exact.Min() < 1 || exact.Max() > int.MaxValue) continue;
            long[] multipliers = [.. exact.Select(m => (long)m)];
            int least = shift;
            while (least > 0 && multipliers.All(m => m % 2 == 0))
            {
                // m · 2^-b = (m / 2) · 2^-(b - 1)
                for (int c = 0; c < multipliers.Length; c++) multipliers[c] /= 2;
                least--;
            }
            if (ShiftBudget.Fits(ShiftBudget.ClipPrecision(rest, precision, multipliers.Min(), least), multipliers.Max()))
                return new RatioChoice(first, multipliers, least);
        }
        return null;
    }
}

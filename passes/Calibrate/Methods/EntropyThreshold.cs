using CortexMl.Numerics;
namespace CortexMl.Passes.Calibrate.Methods;

/// <summary>
/// The threshold whose 128-level histogram loses the least information: the smallest Kullback-Leibler divergence of what the levels can
/// tell apart (within a level all bins look alike, numbers beyond the threshold sit in the last bin that is not empty) from the
/// distribution that was seen. Of thresholds that are equally good the largest.
/// </summary>
internal static class EntropyThreshold
{
    private const int Levels = 128;

    /// <summary>Candidates are this many bins apart.</summary>
    private const int Stride = 16;

    public static double Of(Histogram histogram)
    {
        long[] magnitudes = histogram.Magnitudes();
        // Exact zeros are represented exactly whatever the threshold is.
        magnitudes[0] = 0;
        long total = magnitudes.Sum();
        double least = double.PositiveInfinity;
        int best = magnitudes.Length;
        for (int bins = magnitudes.Length; bins >= Levels; bins -= Stride)
        {
            double divergence = Divergence(magnitudes.AsSpan(0, bins), total);
            if (divergence < least) (least, best) = (divergence, bins);
        }
        return best * histogram.Width;
    }

    /// <summary>Σ p · ln(p / q) over the bins that are not empty.</summary>
    private static double Divergence(ReadOnlySpan<long> magnitudes, long total)
    {
        long within = 0;
        foreach (long count in magnitudes) within += count;
        if (within == 0) return double.PositiveInfinity;
        int last = magnitudes.LastIndexOfAnyExcept(0L);
        double divergence = 0;
        for (int level = 0; level < Levels; level++)
        {
            int from = level * magnitudes.Length / Levels, to = (level + 1) * magnitudes.Length / Levels;
            long sum = 0;
            int filled = 0;
            for (int i = from; i < to; i++)
            {
                sum += magnitudes[i];
                if (magnitudes[i] > 0) filled++;
            }
            if (filled == 0) continue;
            double q = (double)sum / filled / within;
            for (int i = from; i < to; i++)
            {
                if (magnitudes[i] == 0) continue;
                double p = (double)(magnitudes[i] + (i == last ? total - within : 0)) / total;
                divergence += p * PortableMath.Log(p / q);
            }
        }
        return divergence;
    }
}

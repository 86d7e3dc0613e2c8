namespace CortexMl.Passes.Calibrate.Methods;

/// <summary>
/// The threshold t with the least squared error at 8 bits: step²/12 for each number within t (step = t/127), (|v| - t)² for each one cut
/// off. Numbers in the bins next to zero count as exact zeros. Of thresholds that are equally good the largest.
/// </summary>
internal static class SquareErrorThreshold
{
    private const int Levels = 127;

    public static double Of(Histogram histogram)
    {
        long[] magnitudes = histogram.Magnitudes();
        double within = 0;
        for (int k = 1; k < magnitudes.Length; k++) within += magnitudes[k];
        // In bin widths: the number of what is cut off, the sum of its magnitudes and of their squares.
        double cut = 0, sum = 0, squares = 0, least = double.PositiveInfinity;
        int best = magnitudes.Length;
        for (int t = magnitudes.Length; t > Levels; t--)
        {
            double step = (double)t / Levels;
            double error = within * step * step / 12 + squares - 2 * t * sum + (double)t * t * cut;
            if (error < least) (least, best) = (error, t);
            double count = magnitudes[t - 1], centre = t - 0.5;
            within -= count;
            cut += count;
            sum += count * centre;
            squares += count * centre * centre;
        }
        return best * histogram.Width;
    }
}

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>
/// Rounds the weights of one output so that its squared error eᵀ·M·e falls, e what rounding changes and M the moments of what the weights
/// meet: from the nearest integers on, the weight whose other neighbour lowers the error most takes it, until none does.
/// </summary>
internal static class RoundingDescent
{
    /// <summary>Changes for each weight: far more than there ever are.</summary>
    private const int MostChanges = 4;

    /// <summary>A change that lowers the error by less than this share is none.</summary>
    private const double Least = 1e-9;

    /// <param name="exact">Weights in their integers.</param>
    /// <param name="moments">[row, row], of data in its integers.</param>
    /// <param name="bound">The largest magnitude of an integer.</param>
    public static int[] Round(ReadOnlySpan<double> exact, ReadOnlySpan<double> moments, int bound)
    {
        int row = exact.Length;
        var rounded = new int[row];
        double[] error = new double[row], slope = new double[row];
        var steps = new int[row];
        for (int k = 0; k < row; k++)
        {
            rounded[k] = Rounding.Clamped(exact[k], bound);
            error[k] = rounded[k] - exact[k];
            int other = error[k] > 0 ? -1 : error[k] < 0 ? 1 : 0;
            steps[k] = Math.Abs(rounded[k] + other) <= bound ? other : 0;
        }
        double sum = 0;
        for (int k = 0; k < row; k++)
        {
            slope[k] = Dot(moments.Slice(k * row, row), error);
            sum += slope[k] * error[k];
        }
        for (int change = 0; change < MostChanges * row; change++)
        {
            int best = -1;
            double most = -Least * sum;
            for (int k = 0; k < row; k++)
            {
                double gain = 2 * steps[k] * slope[k] + moments[k * row + k];
                if (steps[k] != 0 && gain < most) (most, best) = (gain, k);
            }
            if (best < 0) break;
            var column = moments.Slice(best * row, row);
            for (int k = 0; k < row; k++) slope[k] += steps[best] * column[k];
            rounded[best] += steps[best];
            steps[best] = -steps[best];
            sum += most;
        }
        return rounded;
    }

    /// <summary>eᵀ·M·e</summary>
    public static double Error(ReadOnlySpan<double> exact, ReadOnlySpan<int> rounded, ReadOnlySpan<double> moments)
    {
        int row = exact.Length;
        double sum = 0;
        double[] error = new double[row];
        for (int k = 0; k < row; k++) error[k] = rounded[k] - exact[k];
        for (int k = 0; k < row; k++)
            if (error[k] != 0) sum += error[k] * Dot(moments.Slice(k * row, row), error);
        return sum;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += a[i] * b[i];
        return sum;
    }
}

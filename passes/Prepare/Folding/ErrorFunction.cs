namespace CortexMl.Passes.Prepare.Folding;

/// <summary>erf in double by a series whose terms are all positive, so that nothing cancels (Abramowitz and Stegun 7.1.6).</summary>
internal static class ErrorFunction
{
    /// <summary>From here on erf rounds to ±1.</summary>
    private const double Saturation = 6;

    public static double Erf(double x)
    {
        if (double.IsNaN(x)) return x;
        if (Math.Abs(x) >= Saturation) return Math.Sign(x);
        double term = x, sum = x;
        for (int n = 1; Math.Abs(term) > Math.Abs(sum) * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }
        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}

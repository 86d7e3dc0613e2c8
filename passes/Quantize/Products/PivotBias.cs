namespace CortexMl.Passes.Quantize.Products;

/// <summary>
/// Σ (w - ŵ) · p for each output, p the data of which rounded weights are to make exactly what the weights made. Where its mean is
/// known, that: what rounding is expected to move the result by. Centred data without a mean has its zero there: its bias holds
/// Σ w · c, and must hold it with the weights as they are rounded.
/// </summary>
internal static class PivotBias
{
    /// <returns>In the integers of the sum; zeros where there is no such data.</returns>
    public static double[] Of(Product product, WeightIntegers weights)
    {
        var lost = new double[product.Outputs];
        if (product.Pivot is not { } pivot) return lost;
        int row = product.Inputs * product.Taps, perGroup = Math.Max(1, product.Outputs / product.Groups);
        Parallel.For(0, product.Outputs, o =>
        {
            for (int k = 0; k < row; k++)
            {
                double exact = weights.Exact[o * row + k], rounded = weights.Rounded[o * row + k] / (double)weights.Unit;
                lost[o] += (exact - rounded) * pivot[o / perGroup * product.Inputs + k / product.Taps];
            }
        });
        return lost;
    }
}

using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Products;

/// <summary>
/// Σ (ŵ - w) · c for each output: of centred data the bias holds Σ w · c, and must hold it with the weights as they are rounded. Else
/// every rounding of a weight would be multiplied with the middle of data that is zero most of the time.
/// </summary>
internal static class CentredBias
{
    private const int Unit = 1 << LayerWidth.LowBits;

    /// <returns>In the integers of the sum; zeros where the data is not centred.</returns>
    public static double[] Of(Product product, Snap snap)
    {
        var lost = new double[product.Outputs];
        if (product.Middles is not { } middles) return lost;
        int row = product.Inputs * product.Taps, perGroup = Math.Max(1, product.Outputs / product.Groups);
        Parallel.For(0, product.Outputs, o =>
        {
            for (int k = 0; k < row; k++)
            {
                double exact = product.Weights[o * row + k] * snap.WeightScales[o];
                double rounded = product.Width.WideWeights
                    ? Rounding.Clamped(exact * Unit, Unit * DemandPrecision.WeightBound) / (double)Unit
                    : Rounding.Clamped(exact, DemandPrecision.WeightBound);
                lost[o] += (rounded - exact) * middles[o / perGroup * product.Inputs + k / product.Taps];
            }
        });
        return lost;
    }
}

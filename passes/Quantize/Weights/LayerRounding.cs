using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Products;

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>
/// Rounds the weights of one layer: by the moments of its data, where they are known and it errs less on the patches that were held out,
/// or as a calibration file says; else each to the nearest integer.
/// </summary>
/// <param name="moments">Null where they were not measured.</param>
/// <param name="noted">What the calibration file says, where nothing was measured.</param>
/// <param name="scales">Of each channel of the data.</param>
internal sealed class LayerRounding(LayerMoments? moments, RoundedWeights? noted, double[] scales)
{
    /// <summary>What is worth its place in the file: a layer whose error falls by less stays as it is.</summary>
    private const double Worth = 0.95;

    /// <summary>What was rounded otherwise than to the nearest; null where all was.</summary>
    public RoundedWeights? Rounded { get; private set; }

    /// <summary>Whether the file says something about other integers.</summary>
    public bool IsLost { get; private set; }

    /// <returns>The integers of all weights.</returns>
    public int[] Round(ExactWeights exact, Product product)
    {
        if (moments is null) return noted is null ? exact.Nearest() : Noted(exact);
        if (moments.Seen.Row != product.Inputs * product.Taps) return exact.Nearest();
        var nearest = exact.Nearest();
        int[] chosen = [.. nearest];
        int row = product.Inputs * product.Taps, perGroup = Math.Max(1, product.Outputs / product.Groups);
        var (before, after) = (new double[product.Outputs], new double[product.Outputs]);
        for (int g = 0; g < product.Groups; g++)
        {
            var (own, middle) = (scales.AsSpan(g * product.Inputs, product.Inputs).ToArray(), Pivot(product, g));
            double[] seen = Shrunk(moments.Seen.Around(g, own, middle), moments.Seen.Count), held = moments.Held.Around(g, own, middle);
            Parallel.For(g * perGroup, (g + 1) * perGroup, o =>
            {
                if (WeightGrid.Of(product.Weights.AsSpan(o * row, row)) > 0) return;
                var weights = exact.Of(o);
                var rounded = RoundingDescent.Round(weights, seen, DemandPrecision.WeightBound);
                rounded.CopyTo(chosen.AsSpan(o * row));
                double unit = exact.Scales[o] * exact.Scales[o];
                before[o] = RoundingDescent.Error(weights, nearest.AsSpan(o * row, row), held) / unit;
                after[o] = RoundingDescent.Error(weights, rounded, held) / unit;
            });
        }
        if (Environment.GetEnvironmentVariable("RLOG") is not null)
            Console.Error.WriteLine($"{product.Name} O={product.Outputs} K={row} G={product.Groups} n={moments.Seen.Count}/{moments.Held.Count} held {before.Sum():G4} -> {after.Sum():G4} {10 * Math.Log10(after.Sum() / Math.Max(1e-30, before.Sum())):F2} dB");
        if (after.Sum() >= before.Sum() * Worth) return nearest;
        Rounded = WeightFlips.Of(exact, chosen);
        return chosen;
    }

    private int[] Noted(ExactWeights exact)
    {
        if (WeightFlips.Apply(exact, noted!) is { } rounded)
        {
            Rounded = noted;
            return rounded;
        }
        IsLost = true;
        return exact.Nearest();
    }

    private static double[] Pivot(Product product, int group) =>
        product.Pivot is null ? new double[product.Inputs] : product.Pivot[(group * product.Inputs)..((group + 1) * product.Inputs)];

    /// <summary>
    /// What few patches tell of two terms together counts less than what they tell of one; and data is rounded itself.
    /// </summary>
    private static double[] Shrunk(double[] moments, long count)
    {
        int row = (int)Math.Sqrt(moments.Length);
        double env = double.Parse(Environment.GetEnvironmentVariable("RA") ?? "1");
        double keep = count / (count + env * row);
        for (int i = 0; i < row; i++)
            for (int j = 0; j < row; j++)
                moments[i * row + j] = i == j ? moments[i * row + j] + 1.0 / 12 : moments[i * row + j] * keep;
        return moments;
    }
}

/// <summary>Moments of what one layer reads.</summary>
/// <param name="Seen">By which weights are rounded.</param>
/// <param name="Held">By which that is judged.</param>
internal sealed record LayerMoments(PatchMoments Seen, PatchMoments Held);

using CortexMl.Ir.Ranges;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Products;

namespace CortexMl.Passes.Quantize.Weights;

/// <summary>
/// Rounds the weights of one layer (passes/Quantize/README.md §17): by the moments of its data, where they were measured and the layer errs
/// less on the samples that were held out, or as a calibration file says; else each to the nearest integer.
/// </summary>
/// <param name="moments">Null where they were not measured.</param>
/// <param name="noted">What the calibration file says, where nothing was measured.</param>
/// <param name="scales">Of each channel of the data.</param>
internal sealed class LayerRounding(LayerMoments? moments, RoundedWeights? noted, double[] scales)
{
    /// <summary>Of the error that nearest integers make: a layer that keeps more of it stays with them.</summary>
    private const double Worth = 0.95;

    /// <summary>Mean square of what rounding of the data moves each of its integers by.</summary>
    private const double DataRounding = 1.0 / 12;

    /// <summary>What is rounded otherwise than to the nearest; null where nothing is.</summary>
    public RoundedWeights? Rounded { get; private set; }

    /// <summary>Whether the file says something of other integers.</summary>
    public bool IsLost { get; private set; }

    /// <param name="data">How far the data's integers reach.</param>
    /// <returns>The integers of all weights.</returns>
    public int[] Round(ExactWeights exact, Product product, ValueRange data)
    {
        int[] nearest = exact.Nearest();
        if (moments is null && noted is null) return nearest;
        int[]? rounded = moments is null ? WeightFlips.Apply(exact, noted!) : Measured(moments, exact, nearest, product, data);
        bool isOther = rounded is not null && (moments is not null
            || Enumerable.Range(0, product.Outputs).All(o => Holds(exact, rounded, o, product, data)));
        IsLost = moments is null && !isOther;
        if (!isOther) return nearest;
        Rounded = moments is null ? noted : WeightFlips.Of(exact, rounded!);
        return rounded!;
    }

    /// <returns>Null where that is not worth it.</returns>
    private int[]? Measured(LayerMoments moments, ExactWeights exact, int[] nearest, Product product, ValueRange data)
    {
        int row = exact.Row, inputs = product.Inputs, perGroup = Math.Max(1, product.Outputs / product.Groups);
        if (moments.Seen.Row != row || moments.Seen.Groups != product.Groups) return null;
        int[] chosen = [.. nearest];
        var (before, after) = (new double[product.Outputs], new double[product.Outputs]);
        for (int g = 0; g < product.Groups; g++)
        {
            double[] own = scales[(g * inputs)..((g + 1) * inputs)];
            double[] middle = product.Pivot?[(g * inputs)..((g + 1) * inputs)] ?? new double[inputs];
            double[] seen = Shrunk(moments.Seen, g, own, middle), held = moments.Held.Around(g, own, middle);
            Parallel.For(g * perGroup, (g + 1) * perGroup, o =>
            {
                if (WeightGrid.Of(product.Weights.AsSpan(o * row, row)) > 0) return;
                double[] weights = exact.Of(o);
                var other = chosen.AsSpan(o * row, row);
                RoundingDescent.Round(weights, seen, DemandPrecision.WeightBound).CopyTo(other);
                if (!Holds(exact, chosen, o, product, data)) nearest.AsSpan(o * row, row).CopyTo(other);
                double unit = exact.Scales[o] * exact.Scales[o];
                before[o] = RoundingDescent.Error(weights, nearest.AsSpan(o * row, row), held) / unit;
                after[o] = RoundingDescent.Error(weights, other, held) / unit;
            });
        }
        // Summed in one order, however many threads there are.
        return after.Sum() < before.Sum() * Worth ? chosen : null;
    }

    /// <summary>
    /// What few patches tell of two terms together counts less than what they tell of one; and the data is rounded itself.
    /// </summary>
    private static double[] Shrunk(PatchMoments moments, int group, double[] scales, double[] pivot)
    {
        double[] shrunk = moments.Around(group, scales, pivot);
        int row = moments.Row;
        double share = moments.Count / (double)(moments.Count + row);
        for (int i = 0; i < row; i++)
            for (int j = 0; j < row; j++)
                shrunk[i * row + j] = i == j ? shrunk[i * row + j] + DataRounding : shrunk[i * row + j] * share;
        return shrunk;
    }

    /// <summary>Whether the sum reaches no further than rounding to the nearest may let it: so far the shift was chosen for.</summary>
    private static bool Holds(ExactWeights exact, int[] rounded, int output, Product product, ValueRange data)
    {
        int first = output / Math.Max(1, product.Outputs / product.Groups) * product.Inputs;
        double more = 0, lost = 0, slack = 0;
        for (int k = 0; k < exact.Row; k++)
        {
            int input = first + k / product.Taps, at = output * exact.Row + k;
            double most = data.At(1, input).Magnitude, middle = product.Pivot?[input] ?? 0;
            more += (Math.Abs(rounded[at]) - Math.Abs(exact[at])) * most;
            lost += (exact[at] - rounded[at]) * middle;
            slack += (most + Math.Abs(middle)) / 2;
        }
        return more + Math.Abs(lost) <= slack;
    }
}

/// <summary>Moments of what one layer reads.</summary>
/// <param name="Seen">By which weights are rounded.</param>
/// <param name="Held">By which that is judged.</param>
internal sealed record LayerMoments(PatchMoments Seen, PatchMoments Held);

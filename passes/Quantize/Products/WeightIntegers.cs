using CortexMl.Ir.Ranges;
using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Products;

/// <summary>The weights of a layer as integers of its scales (passes/Quantize/README.md §4).</summary>
/// <param name="Rounded">Row-major, as the product's; within ±127 units.</param>
/// <param name="Unit">Integers for one of <paramref name="Exact"/>: 128 where weights have 15 bits.</param>
internal sealed record WeightIntegers(ExactWeights Exact, int[] Rounded, int Unit)
{
    /// <param name="data">How far the data's integers reach.</param>
    public static WeightIntegers Of(Product product, Snap snap, ValueRange data)
    {
        var exact = new ExactWeights(product.Weights, snap.WeightScales, product.Inputs * product.Taps);
        int unit = product.Width.WideWeights ? 1 << LayerWidth.LowBits : 1;
        return new WeightIntegers(exact, product.Rounding?.Round(exact, product, data) ?? exact.Nearest(unit), unit);
    }
}

/// <summary>Weights in their integers, before they are rounded.</summary>
/// <param name="Weights">Row-major, real.</param>
/// <param name="Scales">Of each row.</param>
/// <param name="Row">Weights of a row.</param>
internal readonly record struct ExactWeights(float[] Weights, double[] Scales, int Row)
{
    public int Count => Weights.Length;

    public double this[int index] => Weights[index] * Scales[index / Row];

    /// <param name="row">Its index.</param>
    public double[] Of(int row)
    {
        var exact = new double[Row];
        for (int k = 0; k < exact.Length; k++) exact[k] = Weights[row * Row + k] * Scales[row];
        return exact;
    }

    /// <param name="unit">Integers for one.</param>
    public int[] Nearest(int unit = 1)
    {
        var (rounded, exact) = (new int[Count], this);
        Parallel.For(0, Scales.Length, o =>
        {
            for (int k = o * exact.Row; k < (o + 1) * exact.Row; k++)
                rounded[k] = Rounding.Clamped(exact.Weights[k] * exact.Scales[o] * unit, unit * DemandPrecision.WeightBound);
        });
        return rounded;
    }
}

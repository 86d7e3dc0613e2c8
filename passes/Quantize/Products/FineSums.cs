using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Passes.Quantize.Products;

/// <summary>
/// How many of the bits that low parts add below one the sums of a wide layer keep (passes/Quantize/README.md §11): none where the steps
/// of what they become are much coarser, else as many as 32 bits have room for.
/// </summary>
internal static class FineSums
{
    /// <summary>
    /// Steps of a sum for each of what it becomes. From so many on rounding it adds less than a tenth of a decibel: bits that cost nothing
    /// are not worth a coarser scale of weights.
    /// </summary>
    private const int Plenty = 8;

    /// <summary>From so many on it is a quarter of a decibel: not worth a shift.</summary>
    private const int Enough = 4;

    /// <summary>Below so many it is a decibel and more.</summary>
    private const int Few = 2;

    /// <summary>
    /// Fewer bits are left for the multiplier of larger sums, which takes them from the scale of the weights: the share of it that is to
    /// stay of 15 bits, and of 8, which are coarse already, where sums would be coarse too and where they would not.
    /// </summary>
    private const double LeastOfWide = 0.75, LeastOfCoarse = 0.95, LeastOfNarrow = 0.99;

    /// <returns>Null where no requantization brings the sums to the target.</returns>
    public static (Snap Snap, int Bits)? Choose(Product product, IReadOnlyList<Snap.Channel> channels, double inputScale, Demand target)
    {
        if (Snap.Choose(channels, inputScale, target, perChannel: true) is not { } coarse) return null;
        double steps = coarse.WeightScales.Select((sw, c) => inputScale * sw / target.Units.At(c)).Min();
        double least = product.Width.WideWeights ? LeastOfWide : steps < Few ? LeastOfCoarse : LeastOfNarrow;
        // All of them cost a shift less than some.
        int[] offers = [LayerWidth.LowBits, .. Enumerable.Range(1, Wanted(steps)).Reverse()];
        foreach (int bits in steps < Plenty ? offers : [])
            if (Snap.Choose(channels, inputScale, target, perChannel: true, bits) is { } fine && Kept(coarse, fine) > least)
                return (fine, bits);
        return (coarse, 0);
    }

    /// <summary>Whether the bias, in integers of the low parts, leaves room for them.</summary>
    public static bool HoldsBias(Product product, Snap snap, double inputScale) => product.Bias is null || product.Bias.Zip(
        snap.WeightScales, (b, sw) => Math.Abs(b) * inputScale * sw * (1 << LayerWidth.LowBits)).Max() < Snap.BiasLimit;

    private static int Wanted(double steps)
    {
        int bits = 0;
        while (bits < LayerWidth.LowBits && Math.ScaleB(steps, bits) < Enough) bits++;
        return bits;
    }

    private static double Kept(Snap coarse, Snap fine) => fine.WeightScales.Zip(coarse.WeightScales, (f, c) => f / c).Min();
}

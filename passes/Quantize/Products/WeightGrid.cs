using System.Runtime.CompilerServices;

namespace CortexMl.Passes.Quantize.Products;

/// <summary>
/// Weights that are multiples of a unit already, as a quantized network's are: rounded to that unit nothing is lost
/// (passes/Quantize/README.md §4).
/// </summary>
internal static class WeightGrid
{
    /// <summary>How far a multiple may be from a whole number: a little more than what f32 rounds away.</summary>
    private const double Tolerance = 1e-4;

    /// <summary>
    /// The unit of a row whose weights are at most 127 times it, and use at least half of that; 0 where there is none.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of(ReadOnlySpan<float> row)
    {
        double most = 0;
        foreach (float w in row) most = Math.Max(most, Math.Abs((double)w));
        if (most == 0) return 0;
        for (int levels = DemandPrecision.WeightBound; levels > DemandPrecision.WeightBound / 2; levels--)
            if (Fits(row, levels / most)) return most / levels;
        return 0;
    }

    private static bool Fits(ReadOnlySpan<float> row, double scale)
    {
        foreach (float w in row)
        {
            double multiple = w * scale;
            if (Math.Abs(multiple - Math.Round(multiple)) > Tolerance) return false;
        }
        return true;
    }
}

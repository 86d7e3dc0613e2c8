using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Centering;

/// <summary>Where the codes of centred data lie, channel by channel: from middle - reach to middle + reach.</summary>
/// <param name="Middles">Whole steps from zero, so that zero is a code; half of the reach above where the data is never negative.</param>
/// <param name="Reaches">127 steps.</param>
internal readonly record struct CentredCodes(double[] Middles, double[] Reaches)
{
    /// <summary>
    /// The codes then have up to twice the scale of data that is not centred, and weights that take the scales up are rounded as they would
    /// have been.
    /// </summary>
    /// <param name="narrow">Scales of the data while it is not centred: as far above zero as its codes reach then, centred ones do.</param>
    /// <param name="depth">How far below zero the data goes.</param>
    public static CentredCodes Of(Value data, Scale narrow, double depth)
    {
        int channels = data.Type.Shape[1], bound = (int)Precisions.Bound(DemandPrecision.Data);
        double[] middles = new double[channels], reaches = new double[channels];
        for (int c = 0; c < channels; c++)
        {
            double high = bound / narrow.At(c), low = Math.Min(depth, high);
            int exact = (int)Math.Floor(bound * ((high - low) / (high + low)));
            reaches[c] = Math.Min(Reach(high, low, exact), Reach(high, low, Math.Min(exact + 1, bound)));
            int steps = Reach(high, low, exact) == reaches[c] ? exact : exact + 1;
            middles[c] = steps == bound ? high / 2 : reaches[c] * steps / bound;
        }
        return new(middles, reaches);

        // With the middle so many steps above zero, both ends are codes: m + r >= high, r - m >= low.
        double Reach(double high, double low, int steps) => steps == bound
            ? low > 0 ? double.PositiveInfinity : high / 2
            : Math.Max(high / (1 + (double)steps / bound), low / (1 - (double)steps / bound));
    }
}

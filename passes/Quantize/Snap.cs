using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

/// <summary>An exact requantization: data · multiplier · 2^-shift is the target's scale.</summary>
internal sealed record Snapped(Value Multiplier, int Shift, Demand Target);

/// <summary>
/// Chooses weight scales so that the requantization behind a convolution or dense layer is exact (passes/Quantize/README.md §4, "snap"):
/// one shift b for the tensor and an integer multiplier m_c per channel, sw_c = 2^b · s_out,c / (sx · m_c). The rounding happens once, in
/// the weights.
/// </summary>
internal sealed class Snap
{
    /// <summary>Largest |bias| in integers: with the sum's own bits the declared precision stays within 32.</summary>
    public const double BiasLimit = 1 << 29;

    /// <summary>Largest |Σ x·w + b| that int32 holds.</summary>
    private const double SumLimit = int.MaxValue;

    private Snap(int shift, long[] multipliers, double[] weightScales)
    {
        Shift = shift;
        Multipliers = multipliers;
        WeightScales = weightScales;
    }

    public int Shift { get; }

    /// <summary>m_c, at least 1.</summary>
    public long[] Multipliers { get; }

    /// <summary>sw_c: real weight · sw_c is the integer weight.</summary>
    public double[] WeightScales { get; }

    /// <summary>What is known of one output channel before its weights are rounded.</summary>
    /// <param name="WeightThreshold">Largest |w|.</param>
    /// <param name="Reach">Σ |w| · max|x| over the taps, x in integers.</param>
    /// <param name="Slack">Σ max|x| / 2: what rounding the weights can add.</param>
    /// <param name="Bias">Real bias.</param>
    /// <param name="Grid">The unit of which the weights are multiples already; 0 where there is none.</param>
    public readonly record struct Channel(double WeightThreshold, double Reach, double Slack, double Bias, double Grid = 0);

    /// <param name="fineBits">Bits that the sums have below the integers of data and weights: they are 2^fineBits times as large.</param>
    /// <returns>The choice with the largest shift that the budget allows, or null where none does.</returns>
    public static Snap? Choose(
        IReadOnlyList<Channel> channels, double inputScale, Demand target, bool perChannel, int fineBits = 0)
    {
        for (int shift = ShiftBudget.MaxShift; shift >= 0; shift--)
        {
            double[] units = [.. channels.Select((_, c) => Math.ScaleB(target.Units.At(c), shift - fineBits))];
            long[]? multipliers = Multiply(channels, units, inputScale, perChannel);
            if (multipliers is null) continue;
            var scales = multipliers.Select((m, c) => units[c] / (inputScale * m)).ToArray();
            if (FitsBudget(channels, scales, multipliers, inputScale, target, shift, fineBits)) return new Snap(shift, multipliers, scales);
        }
        return null;
    }

    /// <summary>
    /// m_c = max(1, ⌈2^b · s_out · th(W_c) / (sx · 127)⌉), and large enough that the bias stays representable; null where one is beyond
    /// 31 bits.
    /// </summary>
    private static long[]? Multiply(IReadOnlyList<Channel> channels, double[] units, double inputScale, bool perChannel)
    {
        var least = new double[channels.Count];
        double mostAlive = 1, most = 1;
        for (int c = 0; c < least.Length; c++)
        {
            double forWeights = OnGrid(channels[c], units[c] / inputScale)
                ?? Math.Ceiling(units[c] * channels[c].WeightThreshold / (inputScale * DemandPrecision.WeightBound));
            double forBias = Math.Ceiling(units[c] * Math.Abs(channels[c].Bias) / BiasLimit);
            least[c] = Math.Max(1, Math.Max(forWeights, forBias));
            most = Math.Max(most, least[c]);
            if (channels[c].WeightThreshold > 0) mostAlive = Math.Max(mostAlive, least[c]);
        }
        if (most > int.MaxValue) return null;
        // A dead channel takes the smallest weight scale, that is the largest multiplier, of the live ones.
        return [.. least.Select((m, c) => (long)(!perChannel ? most : channels[c].WeightThreshold > 0 ? m : Math.Max(m, mostAlive)))];
    }

    /// <summary>
    /// The multiplier nearest to a weight scale of 1 / unit, where that is near enough that every weight is rounded to its own multiple:
    /// then nothing is lost but a little of the scale.
    /// </summary>
    private static double? OnGrid(Channel channel, double unit)
    {
        if (channel.Grid == 0) return null;
        double multiplier = Math.Floor(unit * channel.Grid + 0.5);
        bool isNear = Math.Abs(unit * channel.Grid / multiplier - 1) < 0.5 / (DemandPrecision.WeightBound + 1);
        return multiplier >= 1 && isNear ? multiplier : null;
    }

    private static bool FitsBudget(
        IReadOnlyList<Channel> channels, double[] scales, long[] multipliers, double inputScale, Demand target, int shift,
        int fineBits)
    {
        double bound = 0;
        for (int c = 0; c < scales.Length; c++)
            bound = Math.Max(
                bound, scales[c] * channels[c].Reach + channels[c].Slack + Math.Abs(channels[c].Bias) * inputScale * scales[c] + 1);
        bound = Math.ScaleB(bound, fineBits);
        if (bound > SumLimit) return false;
        int clip = ShiftBudget.ClipPrecision((long)bound, target.Precision, multipliers.Min(), shift);
        return ShiftBudget.Fits(clip, multipliers.Max());
    }
}

using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Passes.Inputs;

/// <summary>How an input may be centred.</summary>
/// <param name="Reach">The largest magnitude of the centred input that must be representable.</param>
/// <param name="IsPixels">
/// The integers are 8-bit pixels, all of them but one at an end. Calibration may have resized its images, so that there was something
/// between two pixels; the caller of a compiled model has an image of the network's own size.
/// </param>
internal sealed record CenteringChoice(Centering Centering, double Reach, bool IsPixels)
{
    public const int Levels = 127;

    /// <summary>A threshold may be larger by so much because it was rounded up.</summary>
    private const double Rounded = 1.01;

    /// <summary>The mean of offsets, in the unit of the input.</summary>
    public double Offset => Centering.Offset.Average();

    /// <summary>How far the input reaches from its offset, in its own unit.</summary>
    public double Half => Reach * Centering.Gain.Average(gain => 1 / gain);

    /// <summary>
    /// The range from the least to the greatest number, and 0, with its middle moved by less than half a level so that 0, which padding
    /// fills in, is an integer of 8 bits: <c>offset = n/127 · reach</c>.
    /// </summary>
    /// <param name="threshold">The input's: the range grows by as much as it is above the largest number seen.</param>
    public static CenteringChoice? Middle(ValueSummary seen, double threshold)
    {
        double low = Math.Min(0, (double)seen.Min), high = Math.Max(0, (double)seen.Max);
        if (low == high) return null;
        double room = threshold / Math.Max(-low, high);
        if (room > Rounded) (low, high) = (low * room, high * room);
        double n = Math.Floor(Levels * (low + high) / (high - low) + 0.5), part = n / Levels;
        double reach = Math.Max(high == 0 ? 0 : high / (1 + part), low == 0 ? 0 : -low / (1 - part));
        return new(new Centering(null, [part * reach], [1]), reach, IsPixels: false);
    }

    /// <summary>Pixels p of 0 to 255, which the network gets as (p · scale - mean) / std, as p - 127.</summary>
    /// <param name="axis">Of the channels; null where all have the same mean and std.</param>
    public static CenteringChoice OfPixels(int? axis, double scale, IReadOnlyList<double> mean, IReadOnlyList<double> std) => new(
        new Centering(axis, [.. mean.Zip(std, (m, s) => (Levels * scale - m) / s)], [.. std.Select(s => s / scale)]), Levels,
        IsPixels: true);
}

/// <summary>
/// What the first layer gains where its input is centred. Rounding of inputs to steps of reach/127 is noise, and so is rounding of
/// weights, which grows with what they are multiplied by: data that are mostly 0 hardly feel it before they are centred.
/// </summary>
/// <param name="threshold">The input's, as it is.</param>
/// <param name="peakPower">Of the weights: the square of the largest over the mean square.</param>
internal sealed class CenteringGain(double threshold, ValueSummary seen, double peakPower)
{
    /// <summary>By so much the input's steps get finer, and the noise less.</summary>
    private const double Finer = 1.2, Quieter = 1.3;

    /// <summary>Weights that get no noisier than by this are none the worse for it.</summary>
    private const double AsQuiet = 1.05;

    /// <summary>As near to a whole number of integers is a step between two pixels that is one.</summary>
    private const double Near = 1e-3;

    public bool Pays(CenteringChoice choice)
    {
        if (choice.IsPixels ? IsExact(choice) : threshold < Finer * choice.Half) return false;
        double input = choice.IsPixels ? 0 : choice.Half * choice.Half, weights = Weights(choice.Offset);
        return (choice.IsPixels && weights <= AsQuiet * Weights(0)) || threshold * threshold + Weights(0) >= Quieter * (input + weights);
    }

    /// <summary>Whether pixels are integers already: 0 is one of them, and so is each step.</summary>
    private bool IsExact(CenteringChoice choice) => choice.Centering.Gain.Index().All(g =>
    {
        double step = CenteringChoice.Levels / (threshold * g.Item), zero = choice.Centering.Offset[g.Index] * g.Item;
        return step >= 1 - Near && IsWhole(step) && IsWhole(zero);
    });

    private static bool IsWhole(double number) => Math.Abs(number - Math.Floor(number + 0.5)) < Near;

    private double Weights(double offset)
    {
        double distance = seen.Mean - offset;
        return peakPower * ((double)seen.Deviation * seen.Deviation + distance * distance);
    }
}

namespace CortexMl.Passes.Calibrate.Methods;

/// <summary>
/// A way to choose a threshold from what was measured: a row of <see cref="CalibrationMethods"/>, ours or a plugin's.
/// </summary>
/// <param name="Name">As pipelines, calibration files and schemes spell it: small letters, digits and hyphens.</param>
/// <param name="Doc">One line for <c>cortexml passes calibrate</c>.</param>
/// <param name="Choose">
/// The largest magnitude that must be representable, in the value's own units: finite and above 0. What is above the absolute maximum
/// counts as that. It is not asked about values that are always zero. The same statistics and options have to give the same number
/// wherever it runs: no clock, no chance, and <see cref="Numerics.PortableMath"/> where the last bits of a library's logarithm matter.
/// </param>
public sealed record CalibrationMethod(string Name, string Doc, Func<ValueStatistics, PassOptions, double> Choose)
{
    /// <summary>Its own options: <c>calibrate{method=percentile,percentile=99.9}</c>. No other method may have one of the name.</summary>
    public IReadOnlyList<PassOption> Options { get; init; } = [];

    /// <summary>Whether a threshold reaches further than chosen where few numbers were seen (passes/Quantize/README.md §2).</summary>
    public bool Grows { get; init; }

    /// <summary>Whether single channels may reach a quarter beyond the threshold of the whole value: nothing of them is cut off.</summary>
    public bool HasRoomInChannels { get; init; }

    /// <summary>The library that brings it; null for ours.</summary>
    internal string? Plugin => Choose.Method.Module.Assembly is var own && own != typeof(CalibrationMethod).Assembly
        ? own.GetName().Name : null;

    /// <summary>The least number of 10 significant binary digits that is not below <paramref name="threshold"/>.</summary>
    public static double RoundUp(double threshold)
    {
        if (threshold == 0) return 0;
        int unit = Math.ILogB(threshold) - 9;
        return Math.ScaleB(Math.Ceiling(Math.ScaleB(threshold, -unit)), unit);
    }
}

using CortexMl.Passes.Quantize.Widths;

namespace CortexMl.Reports;

/// <summary>How the bits of a model were chosen by what it loses.</summary>
/// <param name="Target">The most that the metric may drop: shares in points, others in their unit.</param>
/// <param name="Drop">What it drops with the choices that were taken.</param>
/// <param name="Samples">On which that was measured.</param>
public sealed record SearchReport(string Metric, double Target, double Drop, bool IsReached, int Samples)
{
    /// <summary>What was compiled and measured, by the number of choices.</summary>
    public IReadOnlyList<SearchTry> Tried { get; init; } = [];

    /// <summary>The choices that were taken, in their order.</summary>
    public IReadOnlyList<WidthChoice> Choices { get; init; } = [];
}

/// <summary>What so many choices were found to be worth.</summary>
/// <param name="Decibels">Signal to noise of the noisiest output on samples of calibration; null where there is no noise.</param>
/// <param name="Bytes">Of symbol and params.</param>
public sealed record SearchTry(int Choices, double Drop, double? Decibels, long Gas, long Bytes);

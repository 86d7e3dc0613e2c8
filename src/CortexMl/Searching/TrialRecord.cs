using CortexMl.Compiling;
using CortexMl.Diagnostics;

namespace CortexMl.Searching;

/// <summary>What a search reads of a trial.</summary>
/// <param name="Trial">What was asked for.</param>
/// <param name="Least">Signal to noise of the noisiest output in dB; null where there is no noise, or none was measured.</param>
/// <param name="Gas">Of the model.</param>
/// <param name="Bytes">Of symbol and params.</param>
public sealed record TrialRecord(Trial Trial, double? Least, long Gas, long Bytes)
{
    /// <summary>By how much the metric drops: shares in points, others in their unit; null where the search does not ask.</summary>
    public double? Drop { get; init; }

    /// <summary>Samples on which that was measured.</summary>
    public int Samples { get; init; }

    /// <summary>What choose-widths expected; null where it had nothing to choose.</summary>
    public ExpectedWidths? Expected { get; init; }

    /// <summary>Text of the calibration file, for trials to which this one is the base; null for none.</summary>
    public string? Calibration { get; init; }

    /// <summary>Numbers of the samples that calibration drew, in its order; null where it drew none.</summary>
    public IReadOnlyList<int>? Drawn { get; init; }

    /// <param name="asksDrop">Whether the search asks what the metric drops by.</param>
    /// <exception cref="DiagnosticException">CML0935, CML0976: nothing is measured.</exception>
    internal static TrialRecord Of(Trial trial, CompileResult result, bool asksDrop)
    {
        var report = result.Report;
        double least = TargetSearch.Least(result);
        var record = new TrialRecord(trial, double.IsFinite(least) ? least : null, report?.Gas ?? 0, report?.Bytes ?? 0)
        {
            Expected = result.Expected is { } expected ? new(expected.Decibels, expected.IsFinal, expected.Choices.Count) : null,
            Calibration = result.Calibration,
            Drawn = result.Drawn?.Order,
        };
        if (!asksDrop) return record;
        if (report is not { Accuracy: { Metric: { } metric } accuracy })
            throw new DiagnosticException(LibraryCodes.OptionUnused, "--target-drop has no effect: nothing is measured",
                hint: "pass --test DATA, and let the pipeline run to its end");
        if (metric.Drop is not { } drop)
            throw new DiagnosticException(LibraryCodes.MetricUnfit, $"the metric {metric.Name} finds nothing to measure on the test data",
                hint: "pass test data that the float network says something about");
        return record with { Drop = drop, Samples = accuracy.Count };
    }
}

/// <summary>What choose-widths expects of a network.</summary>
/// <param name="Decibels">Of the noisiest output.</param>
/// <param name="IsFinal">Whether a higher target would change nothing.</param>
/// <param name="Choices">How many target and gas allow.</param>
public sealed record ExpectedWidths(double Decibels, bool IsFinal, int Choices);

using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;

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

    /// <summary>Without what was measured on the test data.</summary>
    /// <param name="options">Of the search.</param>
    internal static TrialRecord Of(Trial trial, CompileResult result, CompileOptions options)
    {
        double least = TargetSearch.Least(result);
        bool isBase = trial.Base is null || !SearchRun.AsksDrop(options);
        return new(trial, double.IsFinite(least) ? least : null, result.Report?.Gas ?? 0, result.Report?.Bytes ?? 0)
        {
            Expected = result.Expected is { } expected
                ? new(Math.Min(expected.Decibels, double.MaxValue), expected.IsFinal, expected.Choices.Count) : null,
            Calibration = isBase ? result.Calibration : null,
            Drawn = isBase ? result.Drawn?.Order : null,
        };
    }

    /// <summary>With what was measured on the test data.</summary>
    /// <exception cref="DiagnosticException">CML0935, CML0976: nothing is measured.</exception>
    internal TrialRecord With(Evaluation measured)
    {
        if (measured.Metric is not { } metric) throw Unmeasured();
        if (metric.Drop is not { } drop)
            throw new DiagnosticException(LibraryCodes.MetricUnfit, $"the metric {metric.Name} finds nothing to measure on the test data",
                hint: "pass test data that the float network says something about");
        return this with { Drop = drop, Samples = measured.Count };
    }

    internal static DiagnosticException Unmeasured() => new(LibraryCodes.OptionUnused, "--target-drop has no effect: nothing is measured",
        hint: "pass --test DATA, and let the pipeline run to its end");

    /// <summary>The first figure in which two records of a trial differ; null where they are the same.</summary>
    internal string? DifferenceFrom(TrialRecord other) => Trial != other.Trial ? "trial"
        : Least != other.Least ? "signal to noise" : Gas != other.Gas ? "gas" : Bytes != other.Bytes ? "size"
        : Expected != other.Expected ? "expectation" : Drop != other.Drop || Samples != other.Samples ? "drop of the metric"
        : Calibration != other.Calibration || !(Drawn ?? []).SequenceEqual(other.Drawn ?? []) ? "calibration" : null;
}

/// <summary>What choose-widths expects of a network.</summary>
/// <param name="Decibels">Of the noisiest output.</param>
/// <param name="IsFinal">Whether a higher target would change nothing.</param>
/// <param name="Choices">How many target and gas allow.</param>
public sealed record ExpectedWidths(double Decibels, bool IsFinal, int Choices);

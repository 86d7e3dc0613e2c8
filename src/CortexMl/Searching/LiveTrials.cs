using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Running;

namespace CortexMl.Searching;

/// <summary>Makes a trial when it is asked for, one behind the other: calibrated once, and the float network run once.</summary>
/// <param name="options">Of the search; see <see cref="SearchRun.Prepared"/>.</param>
/// <param name="diagnostics">Gets what a trial found that ends in an error.</param>
/// <param name="compile">With options, and a bag that gets what is found.</param>
internal sealed class LiveTrials(
    CompileOptions options, DiagnosticBag? diagnostics, Func<CompileOptions, DiagnosticBag, CompileResult> compile)
{
    private readonly Dictionary<string, TrialRecord> _records = new(StringComparer.Ordinal);

    private ModelRun? _floatRun;

    public TrialAnswer Ask(Trial trial)
    {
        var found = trial.Base is { } name ? _records[name] : null;
        var made = MadeTrial.Of(bag => compile(trial.Of(options, found, _floatRun), bag), diagnostics);
        var record = TrialRecord.Of(trial, made.Result, options);
        if (SearchRun.AsksDrop(options)) record = record.With(made.Result.Report?.Accuracy ?? throw TrialRecord.Unmeasured());
        _records[trial.Name] = record;
        _floatRun = made.Result.FloatRun;
        return new(record, () => made);
    }
}

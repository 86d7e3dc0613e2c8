using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Running;

namespace CortexMl.Searching;

/// <summary>Makes a trial when it is asked for, one behind the other: calibrated once, and the float network run once.</summary>
/// <param name="options">Of the search; see <see cref="SearchRun.Prepared"/>.</param>
/// <param name="diagnostics">Gets what a trial found that ends in an error: warnings in front of an error are told too.</param>
/// <param name="compile">With options, and a bag that gets what is found.</param>
internal sealed class LiveTrials(
    CompileOptions options, DiagnosticBag? diagnostics, Func<CompileOptions, DiagnosticBag, CompileResult> compile)
{
    private readonly Dictionary<string, TrialRecord> _records = new(StringComparer.Ordinal);

    private ModelRun? _floatRun;

    public TrialAnswer Ask(Trial trial)
    {
        var found = trial.Base is { } name ? _records[name] : null;
        var made = Make(trial.Of(options, found, _floatRun));
        var record = TrialRecord.Of(trial, made.Result, SearchRun.AsksDrop(options));
        _records[trial.Name] = record;
        _floatRun = made.Result.FloatRun;
        return new(record, () => made);
    }

    private MadeTrial Make(CompileOptions own)
    {
        var found = new DiagnosticBag();
        try
        {
            return new(compile(own, found), found);
        }
        catch
        {
            diagnostics?.AddRange(found.Items);
            throw;
        }
    }
}

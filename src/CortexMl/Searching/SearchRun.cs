using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;

namespace CortexMl.Searching;

/// <summary>The search that options ask for.</summary>
internal static class SearchRun
{
    public static bool IsAsked(CompileOptions options) => options.TargetDrop is not null || options.MinDecibels is not null;

    public static bool AsksDrop(CompileOptions options) => options.TargetDrop is not null;

    /// <summary>What all trials of the search have in common; options without a search stay what they are.</summary>
    public static CompileOptions Prepared(CompileOptions options) =>
        AsksDrop(options) ? options with { Metric = options.Metric ?? MetricTable.Of("top1") } : options;

    /// <summary>All in this process.</summary>
    /// <inheritdoc cref="Of"/>
    public static CompileResult Live(Model model, CompileOptions options, DiagnosticBag? diagnostics, IProgressSink? progress)
    {
        var trials = new LiveTrials(options, diagnostics, (own, found) => CompileWork.OfCopy(model, own, found, progress));
        return Of(options, diagnostics, (trial, _) => trials.Ask(trial))!;
    }

    /// <param name="options">As <see cref="Prepared"/> makes them.</param>
    /// <param name="diagnostics">Gets those of the trial that is taken, and what is to be said of the search.</param>
    /// <returns>Null where an answer is missing.</returns>
    /// <exception cref="DiagnosticException">CML0976: a metric that cannot drop; CML0935: no test data; and those of compiling.</exception>
    public static CompileResult? Of(CompileOptions options, DiagnosticBag? diagnostics, AskTrial ask)
    {
        var taken = AsksDrop(options) ? new DropSearch(options, ask).Run() : TargetSearch.Run(options, ask);
        if (taken is null) return null;
        var told = diagnostics ?? new DiagnosticBag();
        told.AddRange(taken.Diagnostics);
        if (options.IsStrict) told.RefuseWarnings();
        return taken;
    }
}

using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Evaluating.Tallying;
using CortexMl.Passes;
using CortexMl.Preparing;
using CortexMl.Reports;
using CortexMl.Running;
using CortexMl.Sharding;

namespace CortexMl.Compiling;

/// <summary>The float model and the compiled one on <see cref="CompileOptions.Test"/>.</summary>
internal static class TestRuns
{
    /// <returns>Nothing where there is no such data, or sums are asked for.</returns>
    public static (IReadOnlyList<ModelRun> Runs, Func<int, string?>? Naming) Of(
        Model original, Model compiled, CompileOptions options, Preprocessing prepared, DiagnosticBag diagnostics, IProgressSink progress)
    {
        if (options is not { Test: { } test, Summed: null }) return ([], null);
        List<(Model Model, ISampleSource Samples)> runs =
            [.. new[] { original, compiled }.Select(model => (model, Samples(test, model, prepared)))];
        ModelRun Run((Model Model, ISampleSource Samples) r) =>
            Batch.Run(r.Model, r.Samples, new RunOptions { Cancellation = options.Cancellation }, progress);
        List<ModelRun> results = [options.FloatRun ?? Run(runs[0]), Run(runs[1])];
        diagnostics.AddRange([.. DataDoubts.Of(runs), .. SaturationDoubts.OfInputs(results[1], runs[1].Samples)]);
        if (options.RanksClasses) diagnostics.AddRange(AccuracyDoubts.Of(results[0].Model, results[0].Results));
        return (results, (runs[0].Samples as SampleSource)?.Naming);
    }

    /// <returns>Null where no sums are asked for, or nothing is asked of them.</returns>
    public static EvaluationSums? Sums(
        Model original, Model compiled, CompileOptions options, Preprocessing prepared, MetricQuestion? question, IProgressSink progress)
    {
        if (options is not { Test: { } test, Summed: { } range, TargetDrop: not null }) return null;
        var running = new RunOptions { Cancellation = options.Cancellation };
        using EngineChoice real = EngineChoice.Of(original, running), whole = EngineChoice.Of(compiled, running);
        (EngineChoice Model, ISampleSource Samples)[] all =
            [(real, Samples(test, original, prepared)), (whole, Samples(test, compiled, prepared))];
        return BlockwiseTally.Run([.. all.Select(m => (m.Model, Part(m.Samples)))], progress, question, first: range.First,
            probe: EvaluationParts.Probe(all, range, question));

        // Samples of a stream stay together.
        ISampleSource Part(ISampleSource samples) => range.Count == samples.Count ? samples : new ShardSamples(samples, range);
    }

    private static SampleSource Samples(DataOptions test, Model model, Preprocessing prepared) =>
        SampleSource.Open(test with { Preprocessing = prepared }, model.Inputs, model.Io?.CalibratedOnBy(model.Inputs));
}

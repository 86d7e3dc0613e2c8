using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Passes;
using CortexMl.Preparing;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Compiling;

/// <summary>The float model and the compiled one on <see cref="CompileOptions.Test"/>.</summary>
internal static class TestRuns
{
    /// <returns>Nothing where there is no such data.</returns>
    public static (IReadOnlyList<ModelRun> Runs, Func<int, string?>? Naming) Of(
        Model original, Model compiled, CompileOptions options, Preprocessing prepared, DiagnosticBag diagnostics, IProgressSink progress)
    {
        if (options.Test is not { } test) return ([], null);
        List<(Model Model, ISampleSource Samples)> runs = [.. new[] { original, compiled }.Select(model => (model, Samples(model)))];
        ModelRun Run((Model Model, ISampleSource Samples) r) =>
            Batch.Run(r.Model, r.Samples, new RunOptions { Cancellation = options.Cancellation }, progress);
        List<ModelRun> results = [options.FloatRun ?? Run(runs[0]), Run(runs[1])];
        diagnostics.AddRange([.. DataDoubts.Of(runs), .. SaturationDoubts.OfInputs(results[1], runs[1].Samples)]);
        if (options.RanksClasses) diagnostics.AddRange(AccuracyDoubts.Of(results[0].Model, results[0].Results));
        return (results, (runs[0].Samples as SampleSource)?.Naming);

        ISampleSource Samples(Model model) =>
            SampleSource.Open(test with { Preprocessing = prepared }, model.Inputs, model.Io?.CalibratedOnBy(model.Inputs));
    }
}

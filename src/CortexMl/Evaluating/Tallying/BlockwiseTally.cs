using CortexMl.Data.Preprocess;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Tallying;

/// <summary>
/// Runs all models on a block of samples, adds them up, drops the outputs, and goes on. Blocks change no figure: sums are exact.
/// </summary>
internal static class BlockwiseTally
{
    /// <summary>Bytes of outputs, of all models together, that a block may hold, and samples of one whose outputs are small.</summary>
    private const long MostBytes = 64L << 20;
    private const int MostSamples = 4096;

    /// <param name="models">Each, on its engine, with its data: the same samples, shaped and scaled for that model.</param>
    /// <param name="named">Gets what models name for every sample, in their order; null for nobody.</param>
    /// <param name="first">Index in the data of the first sample that is read.</param>
    /// <param name="probe">What the float network makes of the data's first sample, where that is not read and the metric asks.</param>
    /// <inheritdoc cref="Evaluator.Run" path="/exception"/>
    public static EvaluationSums Run(
        IReadOnlyList<(EngineChoice Model, ISampleSource Samples)> models, IProgressSink progress, MetricQuestion? question = null,
        Action<NamedClasses>? named = null, int first = 0, SampleResult? probe = null)
    {
        var runs = new List<BlockRun>();
        try
        {
            foreach (var (model, samples) in models) runs.Add(BlockRun.Of(model, samples, progress));
            int size = BlockOf([.. models.Select(m => (m.Model.Model, m.Model.Workers))]);
            EvaluationTally? tally = null;
            Each(runs, size, results => (tally ??= Begin(probe ?? OfFloat(results))).Add(first++, results));
            tally ??= Begin(null);
            tally.CheckLabels();
            foreach (var (k, run) in runs.Index()) tally.AddCutOff(k, run.Inputs?.CutOff ?? []);
            return tally.Sums;
        }
        finally
        {
            foreach (var run in runs) run.Dispose();
        }

        EvaluationTally Begin(SampleResult? seen) => new(
            [.. models.Select(m => (m.Model.Model, MeasuredModel.Of(m.Model.Model, Preparation.Of(m.Samples))))],
            [.. models.Select(m => m.Model.Name)], question, seen)
        { Named = named };

        SampleResult? OfFloat(IReadOnlyList<SampleResult> results) =>
            models.Zip(results).Where(m => !m.First.Model.Model.IsInteger).Select(m => m.Second).FirstOrDefault();
    }

    /// <summary>Runs block by block, so that no more outputs than those of a block are there at a time.</summary>
    /// <param name="add">Gets of each sample, in their order, what each model made of it, and keeps nothing.</param>
    internal static void Each(IReadOnlyList<BlockRun> runs, int size, Action<IReadOnlyList<SampleResult>> add)
    {
        while (true)
        {
            SampleResult[][] results = [.. runs.Select(run => run.Next(size))];
            int count = results.Min(r => r.Length);
            if (count == 0) return;
            for (int i = 0; i < count; i++) add([.. results.Select(r => r[i])]);
        }
    }

    /// <summary>So many samples are a block: a round number for the workers, and at least one for each.</summary>
    internal static int BlockOf(IReadOnlyList<(Model Model, int Workers)> models)
    {
        Int128 bytes = Int128.Max(1, models.Aggregate(Int128.Zero, (sum, m) => sum + BytesOf(m.Model)));
        int workers = models.Max(m => m.Workers);
        int most = (int)Int128.Min(MostSamples, MostBytes / bytes);
        return Math.Max(1, most / workers) * workers;
    }

    private static Int128 BytesOf(Model model) =>
        model.Outputs.Aggregate(Int128.Zero, (sum, port) => sum + (Int128)Shape.Of(port.Shape).Count * sizeof(float));
}

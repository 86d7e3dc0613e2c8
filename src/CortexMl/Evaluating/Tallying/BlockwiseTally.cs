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
            while (Next(runs, size) is { Count: > 0 } block)
            {
                tally ??= Begin(probe ?? First(block));
                foreach (var results in block) tally.Add(first++, results);
            }
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
            [.. models.Select(m => m.Model.Name)], question, seen) { Named = named };

        SampleResult? First(IReadOnlyList<SampleResult[]> block) =>
            models.Index().Where(m => !m.Item.Model.Model.IsInteger).Select(m => block[0][m.Index]).FirstOrDefault();
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

    /// <summary>For each sample of the next block what each model made of it; none at the end.</summary>
    private static List<SampleResult[]> Next(List<BlockRun> runs, int size)
    {
        SampleResult[][] results = [.. runs.Select(run => run.Next(size))];
        return [.. Enumerable.Range(0, results.Min(r => r.Length)).Select(i => results.Select(r => r[i]).ToArray())];
    }
}

using CortexMl.Diagnostics;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>What a metric says of one model.</summary>
/// <param name="Value">In the metric's unit; null where there is nothing to measure, or of decibels no noise.</param>
/// <param name="Figures">What stands beside it.</param>
public sealed record MetricResult(string Model, string Level, double? Value, IReadOnlyList<MetricFigure> Figures);

/// <summary>A metric of one or several models on the same samples.</summary>
/// <param name="Against">Whether labels or the float network say what is right.</param>
/// <param name="Drop">
/// How much worse the last model is than the float network: shares in points, others in their unit; null where that is not known.
/// </param>
public sealed record MetricReport(
    string Name, string Unit, bool HigherIsBetter, string Against, IReadOnlyList<MetricResult> Results, double? Drop)
{
    private const string Labels = "labels", FloatNetwork = "the float network";

    /// <param name="runs">On the same samples; the first of a float network is what integers are compared with.</param>
    /// <exception cref="DiagnosticException">CML0975, CML0976.</exception>
    public static MetricReport Of(MetricQuestion question, IReadOnlyList<ModelRun> runs)
    {
        var metric = question.Metric;
        var real = runs.FirstOrDefault(r => !r.Model.IsInteger);
        int count = runs.Min(r => r.Results.Count);
        CheckShapes(runs, real);
        var results = runs.Select(run => Measure(run)).ToList();
        bool isOfLabels = metric.NeedsLabels || question.Truth is not null;
        return new(metric.Name, metric.Unit, metric.HigherIsBetter, isOfLabels ? Labels : FloatNetwork, results,
            DropOf(metric, isOfLabels ? results.FirstOrDefault(r => r.Level == "float")?.Value : metric.Ideal, results[^1].Value));

        MetricResult Measure(ModelRun run)
        {
            var tally = metric.Begin(new(run.Model, real?.Model, real?.Results[0]));
            foreach (var sample in Samples(run, real, question.Truth, count)) tally.Add(sample);
            if (metric.Truth == MetricTruth.Identities && tally.Value is null)
                throw MetricLabels.Bad("there is no pair of samples with the same label, or none with different ones", null,
                    "verification needs several samples of several persons or things");
            return new(run.Model.Name, run.Model.LevelName, tally.Value, tally.Figures);
        }
    }

    /// <summary>How much worse; shares in points. What differences of divisions leave behind nine digits is nothing.</summary>
    internal static double? DropOf(Metric metric, double? real, double? whole) =>
        (metric.HigherIsBetter ? real - whole : whole - real) is { } drop
            ? Math.Round(drop * (metric.Unit == Metric.Share ? 100 : 1), 9) : null;

    internal static IEnumerable<MetricSample> Samples(ModelRun run, ModelRun? real, IReadOnlyList<Tensor>? truth, int count) =>
        Enumerable.Range(0, count).Select(i => new MetricSample(i, run.Results[i], real?.Results[i]) { Truth = truth?[i] });

    private static void CheckShapes(IReadOnlyList<ModelRun> runs, ModelRun? real)
    {
        if (real is null) return;
        foreach (var (model, _, _) in runs)
        {
            if (Sizes(model).SequenceEqual(Sizes(real.Model))) continue;
            throw new DiagnosticException(LibraryCodes.MetricUnfit,
                $"'{model.Name}' has other outputs than the float network '{real.Model.Name}': they cannot be compared");
        }

        static IEnumerable<long> Sizes(Model model) => model.Outputs.Select(o => Shape.Of(o.Shape).Count);
    }
}

using CortexMl.Diagnostics;
using CortexMl.Evaluating.Tallying;
using CortexMl.Running;

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
        var sums = EvaluationTally.Of(runs, question).Sums;
        return Of(sums.Metric!, sums.Models);
    }

    /// <exception cref="DiagnosticException">CML0975: no pair of samples for verification.</exception>
    internal static MetricReport Of(SummedMetric summed, IReadOnlyList<MeasuredModel> models)
    {
        var (metric, isOfLabels, sums) = summed;
        var results = models.Zip(sums, Result).ToList();
        return new(metric.Name, metric.Unit, metric.HigherIsBetter, isOfLabels ? Labels : FloatNetwork, results,
            DropOf(metric, isOfLabels ? results.FirstOrDefault(r => r.Level == "float")?.Value : metric.Ideal, results[^1].Value));

        MetricResult Result(MeasuredModel model, MetricSums sum)
        {
            var (value, figures) = metric.Read(sum);
            if (metric.Truth == MetricTruth.Identities && value is null)
                throw MetricLabels.Bad("there is no pair of samples with the same label, or none with different ones", null,
                    "verification needs several samples of several persons or things");
            return new(model.Name, model.Level, value, figures);
        }
    }

    /// <summary>How much worse; shares in points. What differences of divisions leave behind nine digits is nothing.</summary>
    internal static double? DropOf(Metric metric, double? real, double? whole) =>
        (metric.HigherIsBetter ? real - whole : whole - real) is { } drop
            ? Math.Round(drop * (metric.Unit == Metric.Share ? 100 : 1), 9) : null;
}

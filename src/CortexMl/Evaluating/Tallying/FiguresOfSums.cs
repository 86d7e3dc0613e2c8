using CortexMl.Evaluating.Metrics;

namespace CortexMl.Evaluating.Tallying;

/// <summary>The finished figures of samples that are added up.</summary>
internal static class FiguresOfSums
{
    /// <param name="naming">Names of classes; null where none are known.</param>
    /// <exception cref="Diagnostics.DiagnosticException">CML0975: no pair of samples for verification.</exception>
    public static Evaluation Figures(this EvaluationSums sums, Func<int, string?>? naming)
    {
        double count = sums.Count;
        bool hasClasses = sums is { RanksClasses: true, HasLabels: true };
        return new(sums.Count, [.. sums.Models.Select((model, k) => Result(model, k))],
            sums.RanksClasses && sums.Models.Count > 1 ? sums.Agreeing / count : null)
        {
            Metric = sums.Metric is null ? null : MetricReport.Of(sums.Metric, sums.Models),
            Classes = hasClasses ? ByClass(sums, naming) : null,
            Confusion = hasClasses ? Confused(sums, naming) : null,
        };

        ModelResult Result(MeasuredModel model, int k) => new(
            model.Name, model.Level, string.Join(" and ", sums.Engines[k]),
            hasClasses ? sums.Right(k) / count : null, hasClasses ? sums.Top5[k] / count : null)
        {
            Preparation = model.Preparation,
        };
    }

    private static List<ClassResult> ByClass(EvaluationSums sums, Func<int, string?>? naming) =>
        [.. from pair in sums.Pairs
            group pair by pair.Key.Label into of
            let samples = of.Sum(pair => pair.Value[0])
            let right = sums.Pairs.GetValueOrDefault((of.Key, of.Key))
            select new ClassResult(of.Key, naming?.Invoke(of.Key), samples,
                [.. sums.Models.Select((_, k) => (right?[k] ?? 0) / (double)samples)])];

    private static List<ConfusedClasses> Confused(EvaluationSums sums, Func<int, string?>? naming) =>
        [.. from pair in sums.Pairs
            where pair.Key.Label != pair.Key.Said
            orderby pair.Value.Sum(n => (long)n) descending, pair.Key
            select new ConfusedClasses(pair.Key.Label, pair.Key.Said, [.. pair.Value])
            {
                LabelName = naming?.Invoke(pair.Key.Label), ClassName = naming?.Invoke(pair.Key.Said),
            }];
}

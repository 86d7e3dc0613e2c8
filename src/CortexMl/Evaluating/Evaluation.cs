using System.Globalization;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Evaluating;

/// <summary>The figures of one model. Shares are between 0 and 1.</summary>
/// <param name="Top1">Null where there are no labels.</param>
/// <param name="Top5">Null where there are no labels.</param>
public sealed record ModelResult(string Model, string Level, string Engine, double? Top1, double? Top5)
{
    /// <summary>What was done to the data, as the command line spells it; null where the results were already there.</summary>
    public string? Preparation { get; init; }
}

/// <summary>How often one class was named rightly.</summary>
/// <param name="Name">Null where it is not known.</param>
/// <param name="Samples">With this label.</param>
public sealed record ClassResult(int Class, string? Name, int Samples, IReadOnlyList<double> Top1);

/// <summary>How often samples of one class were taken for another.</summary>
/// <param name="Label">What they are.</param>
/// <param name="Class">What they were taken for.</param>
/// <param name="Samples">How many, for each model.</param>
public sealed record ConfusedClasses(int Label, int Class, IReadOnlyList<int> Samples)
{
    /// <summary>Name of <see cref="Label"/>; null where it is not known.</summary>
    public string? LabelName { get; init; }

    /// <summary>Name of <see cref="Class"/>; null where it is not known.</summary>
    public string? ClassName { get; init; }
}

/// <summary>The figures of one or several models on the same data; the JSON of <c>cortexml eval</c>.</summary>
/// <param name="Agreement">Share of samples for which all models name the same class; null for one model.</param>
public sealed record Evaluation(int Count, IReadOnlyList<ModelResult> Results, double? Agreement)
{
    /// <summary>The metric that was asked for; null where none was.</summary>
    public MetricReport? Metric { get; init; }

    /// <summary>Class by class, a share for each model; null where there are no labels.</summary>
    public IReadOnlyList<ClassResult>? Classes { get; init; }

    /// <summary>
    /// The confusion matrix without its diagonal and its zeros, the pairs that are confused most often first; null where there are no
    /// labels.
    /// </summary>
    public IReadOnlyList<ConfusedClasses>? Confusion { get; init; }
}

/// <summary>
/// Measures models against labels, and against each other. Any number of threads may call it; <see cref="RunOptions.Cancellation"/> of a
/// model's choice of engine ends it.
/// </summary>
public static class Evaluator
{
    /// <param name="models">Each, on its engine, with its data: the same samples, shaped and scaled for that model.</param>
    /// <param name="question">A metric to measure beside, or where it is not about classes instead of, top-1; null for none.</param>
    /// <exception cref="DiagnosticException">
    /// CML0927: a label beyond the network's classes; CML0975, CML0976 of the metric; and what running finds.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static Evaluation Run(
        IReadOnlyList<(EngineChoice Model, ISampleSource Samples)> models, IProgressSink progress, DiagnosticBag? notes = null,
        MetricQuestion? question = null) => Run(models, progress, out _, notes, question);

    /// <inheritdoc cref="Run(IReadOnlyList{ValueTuple{EngineChoice, ISampleSource}}, IProgressSink, DiagnosticBag, MetricQuestion)"/>
    /// <param name="runs">What each model made of the samples.</param>
    public static Evaluation Run(
        IReadOnlyList<(EngineChoice Model, ISampleSource Samples)> models, IProgressSink progress, out IReadOnlyList<ModelRun> runs,
        DiagnosticBag? notes = null, MetricQuestion? question = null)
    {
        runs = [.. models.Select(m => Batch.Run(m.Model, m.Samples, progress))];
        var found = Compare(runs, (models[0].Samples as SampleSource)?.Naming, question);
        bool ranks = question is null or { Metric.RanksClasses: true };
        foreach (var (i, run) in runs.Index())
            notes?.AddRange(
                [.. ranks ? AccuracyDoubts.Of(run.Model, run.Results) : [], .. SaturationDoubts.OfInputs(run, models[i].Samples)]);
        var results = found.Results.Zip(models, (result, m) => result with { Preparation = Preparation.Of(m.Samples) });
        return found with { Results = [.. results] };
    }

    /// <summary>The figures of models whose results on the same samples are already there.</summary>
    /// <exception cref="DiagnosticException">CML0927: a label beyond the network's classes.</exception>
    /// <param name="naming">Names of classes; null where none are known.</param>
    /// <param name="question">A metric to measure; null for none.</param>
    public static Evaluation Compare(IReadOnlyList<ModelRun> runs, Func<int, string?>? naming = null, MetricQuestion? question = null)
    {
        if (question is { Metric.RanksClasses: false }) return WithoutClasses(runs, question);
        int count = runs.Min(r => r.Results.Count);
        var choices = runs.Select(r => r.Results.Select(s => Ranking.Top1(LastSteps.Scores(r.Model, s))).ToArray()).ToList();
        double? agreement = runs.Count < 2
            ? null
            : Enumerable.Range(0, count).Count(i => choices.All(c => c[i] == choices[0][i])) / (double)count;
        bool hasLabels = runs[0].Results.All(r => r.Label is not null);
        return new(count, [.. runs.Select(Measure)], agreement)
        {
            Metric = question is null ? null : MetricReport.Of(question, runs),
            Classes = hasLabels ? ByClass() : null,
            Confusion = hasLabels ? Confused() : null,
        };

        List<ClassResult> ByClass() => [.. from i in Enumerable.Range(0, count)
                                           group i by runs[0].Results[i].Label!.Value into of
                                           orderby of.Key
                                           let right = choices.Select(c => of.Count(i => c[i] == of.Key) / (double)of.Count())
                                           select new ClassResult(of.Key, naming?.Invoke(of.Key), of.Count(), [.. right])];

        List<ConfusedClasses> Confused()
        {
            var pairs = from i in Enumerable.Range(0, count)
                        let label = runs[0].Results[i].Label!.Value
                        from said in choices.Select(c => c[i]).Distinct()
                        where said != label
                        group i by (label, said) into of
                        let samples = choices.Select(c => of.Count(i => c[i] == of.Key.said)).ToList()
                        orderby samples.Sum() descending, of.Key
                        select new ConfusedClasses(of.Key.label, of.Key.said, samples)
                        {
                            LabelName = naming?.Invoke(of.Key.label), ClassName = naming?.Invoke(of.Key.said),
                        };
            return [.. pairs];
        }
    }

    private static Evaluation WithoutClasses(IReadOnlyList<ModelRun> runs, MetricQuestion question) => new(
        runs.Min(r => r.Results.Count), [.. runs.Select(r => new ModelResult(r.Model.Name, r.Model.LevelName, r.Engine, null, null))], null)
    {
        Metric = MetricReport.Of(question, runs),
    };

    /// <summary>The figures of results that are already there.</summary>
    public static ModelResult Measure(ModelRun run)
    {
        var (model, engine, results) = run;
        if (results.Any(r => r.Label is null)) return new(model.Name, model.LevelName, engine, null, null);
        int classes = results[0].Outputs[0].Length;
        if (results.FirstOrDefault(r => r.Label >= classes) is { } odd)
        {
            string known = $"{Counted.Of(classes, "class", "classes")} (0 to {classes - 1})";
            throw new DiagnosticException(LibraryCodes.Labels,
                string.Create(CultureInfo.InvariantCulture, $"{odd.Name} has label {odd.Label}, but '{model.Name}' has {known}"),
                hint: "check --labels");
        }
        double top1 = results.Count(r => Ranking.Top1(LastSteps.Scores(model, r)) == r.Label) / (double)results.Count;
        double top5 = results.Count(r => Ranking.Top(LastSteps.Scores(model, r), 5).Contains(r.Label!.Value)) / (double)results.Count;
        return new(model.Name, model.LevelName, engine, top1, top5);
    }
}

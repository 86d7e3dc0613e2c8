using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Evaluating.Tallying;
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
    /// <param name="differing">Gets the samples of which models name different classes; null for nobody.</param>
    /// <remarks>Outputs are dropped as soon as they are added up: memory does not grow with the number of samples.</remarks>
    /// <exception cref="DiagnosticException">
    /// CML0927: a label beyond the network's classes; CML0975, CML0976 of the metric; and what running finds.
    /// </exception>
    /// <exception cref="OperationCanceledException">By <see cref="RunOptions.Cancellation"/>.</exception>
    public static Evaluation Run(
        IReadOnlyList<(EngineChoice Model, ISampleSource Samples)> models, IProgressSink progress, DiagnosticBag? notes = null,
        MetricQuestion? question = null, ICollection<NamedClasses>? differing = null)
    {
        var sums = BlockwiseTally.Run(models, progress, question, differing is null ? null : named =>
        {
            if (named.Differs) differing.Add(named);
        });
        return Finished(sums, [.. models.Select(m => (m.Model.Model, m.Samples))], notes);
    }

    /// <summary>The figures of all samples, and what is to be told of them.</summary>
    internal static Evaluation Finished(
        EvaluationSums sums, IReadOnlyList<(Model Model, ISampleSource Samples)> models, DiagnosticBag? notes)
    {
        var found = sums.Figures((models[0].Samples as SampleSource)?.Naming);
        foreach (var (k, (model, samples)) in models.Index())
        {
            notes?.AddRange(AccuracyDoubts.Of(sums, k));
            if (!SaturationDoubts.IsTold(model, samples))
                notes?.AddRange([.. SaturationDoubts.OfInputs(sums.Models[k].Name, sums.CutOff[k])]);
        }
        return found;
    }

    /// <summary>The figures of models whose results on the same samples are already there.</summary>
    /// <exception cref="DiagnosticException">CML0927: a label beyond the network's classes.</exception>
    /// <param name="naming">Names of classes; null where none are known.</param>
    /// <param name="question">A metric to measure; null for none.</param>
    public static Evaluation Compare(IReadOnlyList<ModelRun> runs, Func<int, string?>? naming = null, MetricQuestion? question = null)
    {
        var tally = EvaluationTally.Of(runs, question);
        tally.CheckLabels();
        return tally.Sums.Figures(naming);
    }

    /// <summary>The figures of results that are already there.</summary>
    /// <exception cref="DiagnosticException">CML0927: a label beyond the network's classes.</exception>
    public static ModelResult Measure(ModelRun run) => run.Results.Any(r => r.Label is null)
        ? new(run.Model.Name, run.Model.LevelName, run.Engine, null, null) : Compare([run]).Results[0];
}

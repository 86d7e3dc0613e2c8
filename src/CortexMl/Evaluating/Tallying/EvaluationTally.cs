using System.Globalization;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Tallying;

/// <summary>Adds up what models make of samples, one after the other; outputs are not kept.</summary>
internal sealed class EvaluationTally
{
    private readonly IReadOnlyList<Model> _models;
    private readonly int _float;
    private readonly IReadOnlyList<Tensor>? _truth;
    private readonly IReadOnlyList<Tally> _metric = [];

    /// <summary>Of each model the first sample with a label that it does not have.</summary>
    private readonly (string Name, int Label)?[] _odd;

    /// <param name="models">Each with what figures say of it.</param>
    /// <param name="engines">What runs them, as reports name it.</param>
    /// <param name="probe">What the float network made of the data's first sample, for a metric that asks.</param>
    /// <exception cref="DiagnosticException">CML0976: the metric does not fit the models.</exception>
    public EvaluationTally(
        IReadOnlyList<(Model Model, MeasuredModel Told)> models, IReadOnlyList<string> engines, MetricQuestion? question = null,
        SampleResult? probe = null)
    {
        _models = [.. models.Select(m => m.Model)];
        _odd = new (string, int)?[models.Count];
        _truth = question?.Truth;
        var real = _models.FirstOrDefault(m => !m.IsInteger);
        _float = real is null ? -1 : _models.Index().First(m => m.Item == real).Index;
        SummedMetric? metric = null;
        if (question is not null)
        {
            CheckShapes(real);
            _metric = [.. _models.Select(model => question.Metric.Begin(new(model, real, probe)))];
            metric = new(question.Metric, question.IsOfLabels, [.. _metric.Select(tally => tally.Sums)]);
        }
        Sums = new([.. models.Select(m => m.Told)], metric);
        foreach (var (names, engine) in Sums.Engines.Zip(engines)) names.Add(engine);
    }

    public EvaluationSums Sums { get; }

    /// <summary>Gets what is named for every sample; null for nobody.</summary>
    public Action<NamedClasses>? Named { get; init; }

    /// <summary>Sums without a sample, for what others added up.</summary>
    public static EvaluationSums Empty(
        IReadOnlyList<(Model Model, ISampleSource Samples)> models, MetricQuestion? question) => new EvaluationTally(
        [.. models.Select(m => (m.Model, MeasuredModel.Of(m.Model, Preparation.Of(m.Samples))))], [], question).Sums;

    /// <summary>All samples of runs that are over: those that all of them have.</summary>
    public static EvaluationTally Of(IReadOnlyList<ModelRun> runs, MetricQuestion? question = null)
    {
        var real = runs.FirstOrDefault(r => !r.Model.IsInteger);
        var tally = new EvaluationTally(
            [.. runs.Select(r => (r.Model, MeasuredModel.Of(r.Model)))], [.. runs.Select(r => r.Engine)], question,
            real is { Results: [var first, ..] } ? first : null);
        int count = runs.Min(r => r.Results.Count);
        for (int i = 0; i < count; i++) tally.Add(i, [.. runs.Select(r => r.Results[i])]);
        return tally;
    }

    /// <param name="index">Of the sample in the data.</param>
    /// <param name="results">What each model made of it.</param>
    public void Add(int index, IReadOnlyList<SampleResult> results)
    {
        Sums.Count++;
        if (results[0].Label is null) Sums.Unlabelled++;
        if (Sums.RanksClasses) AddClasses(NamedClasses.Of(index, _models, results), results);
        foreach (var (k, tally) in _metric.Index())
            tally.Add(new(index, results[k], _float < 0 ? null : results[_float]) { Truth = _truth?[index] });
    }

    /// <summary>Inputs that were cut off, where the runs are over.</summary>
    public void AddCutOff(int model, IReadOnlyList<(long Elements, long Beyond)> cutOff)
    {
        var of = _models[model];
        Sums.CutOff[model] = [.. cutOff.Select((c, i) => new InputCutOff(InputCutOff.NameOf(of, i), c.Elements, c.Beyond))];
    }

    /// <exception cref="DiagnosticException">CML0927: a label beyond a model's classes.</exception>
    public void CheckLabels()
    {
        if (!Sums.HasLabels) return;
        foreach (var (k, odd) in _odd.Index())
        {
            if (odd is not var (name, label)) continue;
            int classes = Sums.Models[k].Classes;
            string known = $"{Counted.Of(classes, "class", "classes")} (0 to {classes - 1})";
            throw new DiagnosticException(LibraryCodes.Labels,
                string.Create(CultureInfo.InvariantCulture, $"{name} has label {label}, but '{_models[k].Name}' has {known}"),
                hint: "check --labels");
        }
    }

    private void AddClasses(NamedClasses named, IReadOnlyList<SampleResult> results)
    {
        Named?.Invoke(named);
        if (!named.Differs) Sums.Agreeing++;
        if (named.Label is not { } label) return;
        Sums.AddPairs(label, named.Classes);
        for (int k = 0; k < results.Count; k++)
        {
            if (Ranking.Top(LastSteps.Scores(_models[k], results[k]), 5).Contains(label)) Sums.Top5[k]++;
            if (label >= results[k].Outputs[0].Length) _odd[k] ??= (named.Name, label);
        }
    }

    private void CheckShapes(Model? real)
    {
        if (real is null || _models.FirstOrDefault(model => !Sizes(model).SequenceEqual(Sizes(real))) is not { } other) return;
        throw new DiagnosticException(LibraryCodes.MetricUnfit,
            $"'{other.Name}' has other outputs than the float network '{real.Name}': they cannot be compared");

        static IEnumerable<long> Sizes(Model model) => model.Outputs.Select(o => Shape.Of(o.Shape).Count);
    }
}

using CortexMl.Evaluating.Metrics;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Tallying;

/// <summary>What figures say of a model that was measured.</summary>
/// <param name="Level"><see cref="Model.LevelName"/>.</param>
/// <param name="Classes">Elements of its first output.</param>
internal sealed record MeasuredModel(string Name, string Level, int Classes)
{
    /// <summary>What was done to the data, as the command line spells it; null where that is not known.</summary>
    public string? Preparation { get; init; }

    /// <summary>Whether it is a float network: what integers are compared with.</summary>
    public bool IsFloat => Level == "float";

    public static MeasuredModel Of(Model model, string? preparation = null) =>
        new(model.Name, model.LevelName, checked((int)Shape.Of(model.Outputs[0].Shape).Count)) { Preparation = preparation };
}

/// <summary>How much of an input's data lay beyond its integers.</summary>
/// <param name="Beyond">Of the <paramref name="Elements"/>.</param>
internal sealed record InputCutOff(string Input, long Elements, long Beyond)
{
    public static string NameOf(Model model, int input) => model.Io?.Inputs[input].Name ?? model.Inputs[input].Name;
}

/// <summary>A metric that is measured.</summary>
/// <param name="IsOfLabels">Whether labels say what is right; the float network otherwise.</param>
/// <param name="Sums">Of each model.</param>
internal sealed record SummedMetric(Metric Metric, bool IsOfLabels, IReadOnlyList<MetricSums> Sums);

/// <summary>
/// What samples add up to that one or several models ran on: counts and exact sums alone, so that parts of the data, in any order, add up
/// to the same bits as all of it at once, and nothing grows with the number of samples.
/// </summary>
/// <param name="models">In the order of the command line.</param>
/// <param name="metric">Null where none was asked for.</param>
internal sealed class EvaluationSums(IReadOnlyList<MeasuredModel> models, SummedMetric? metric)
{
    public IReadOnlyList<MeasuredModel> Models { get; private set; } = models;

    public SummedMetric? Metric { get; } = metric;

    /// <summary>What ran each model, as reports name it: several where parts ran on several.</summary>
    public IReadOnlyList<SortedSet<string>> Engines { get; } = [.. models.Select(_ => new SortedSet<string>(StringComparer.Ordinal))];

    /// <summary>Whether anything is said about classes.</summary>
    public bool RanksClasses => Metric is null or { Metric.RanksClasses: true };

    public int Count { get; set; }

    /// <summary>Samples without a label: where there is one, labels say nothing.</summary>
    public int Unlabelled { get; set; }

    /// <summary>Samples of which all models name the same class.</summary>
    public int Agreeing { get; set; }

    /// <summary>Of samples with a label: how many of it each model takes for a class.</summary>
    public SortedDictionary<(int Label, int Said), int[]> Pairs { get; } = [];

    /// <summary>Samples, of each model, whose label is among the five largest scores.</summary>
    public int[] Top5 { get; } = new int[models.Count];

    /// <summary>Of each model; empty for float models and integer data.</summary>
    public IReadOnlyList<InputCutOff>[] CutOff { get; } = [.. models.Select(_ => (IReadOnlyList<InputCutOff>)[])];

    /// <summary>Whether labels say how often models are right.</summary>
    public bool HasLabels => Unlabelled == 0 && Count > 0;

    /// <summary>With the names that models had where they ran: they may lie under others now.</summary>
    public void Name(IEnumerable<string> names) => Models = [.. Models.Zip(names, (model, name) => model with { Name = name })];

    /// <summary>With one more sample of a label.</summary>
    /// <param name="said">The class that each model names.</param>
    public void AddPairs(int label, IReadOnlyList<int> said)
    {
        for (int k = 0; k < said.Count; k++) At((label, said[k]))[k]++;
    }

    /// <param name="other">Of the same models and metric, with other samples.</param>
    public void Merge(EvaluationSums other)
    {
        Count = checked(Count + other.Count);
        (Unlabelled, Agreeing) = (Unlabelled + other.Unlabelled, Agreeing + other.Agreeing);
        foreach (var (pair, counts) in other.Pairs) Add(At(pair), counts);
        Add(Top5, other.Top5);
        foreach (var (own, more) in Engines.Zip(other.Engines)) own.UnionWith(more);
        for (int k = 0; k < CutOff.Length; k++)
            CutOff[k] = CutOff[k].Count == 0 ? other.CutOff[k] : [.. CutOff[k].Zip(other.CutOff[k], Sum)];
        if (Metric is not null)
            foreach (var (own, more) in Metric.Sums.Zip(other.Metric!.Sums)) own.Merge(more);
    }

    /// <summary>How often a model names the class that a sample has.</summary>
    public int Right(int model) => Pairs.Where(p => p.Key.Label == p.Key.Said).Sum(p => p.Value[model]);

    /// <summary>Of one model, without those that it never names.</summary>
    public IReadOnlyList<PairCount> PairsOf(int model) =>
        [.. Pairs.Where(p => p.Value[model] > 0).Select(p => new PairCount(p.Key.Label, p.Key.Said, p.Value[model]))];

    private static void Add(int[] counts, int[] more)
    {
        for (int k = 0; k < counts.Length; k++) counts[k] += more[k];
    }

    private static InputCutOff Sum(InputCutOff one, InputCutOff more) =>
        one with { Elements = one.Elements + more.Elements, Beyond = one.Beyond + more.Beyond };

    private int[] At((int Label, int Said) pair)
    {
        if (!Pairs.TryGetValue(pair, out int[]? counts)) Pairs.Add(pair, counts = new int[Models.Count]);
        return counts;
    }
}

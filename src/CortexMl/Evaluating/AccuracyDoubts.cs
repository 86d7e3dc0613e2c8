using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Tallying;
using CortexMl.Running;

namespace CortexMl.Evaluating;

/// <summary>
/// What makes one doubt that a float network and its data belong together, seen in what it predicts: it guesses, it does worse than one
/// answer to everything, or its classes are the labels under other numbers.
/// </summary>
public static class AccuracyDoubts
{
    private const int Least = 10, Errors = 3;
    private const double PermutedGain = 0.25;

    /// <summary>At most one warning a model; none about integer models, which answer for their float one.</summary>
    public static IReadOnlyList<Diagnostic> Of(Model model, IReadOnlyList<SampleResult> results) =>
        model.IsInteger || results.Count < Least || results.Any(r => r.Label is null) ? []
            : Of(model.Name, results[0].Outputs[0].Length,
                PairCount.Of([.. results.Select(r => (r.Label!.Value, Ranking.Top1(LastSteps.Scores(model, r))))]));

    /// <summary>Of each model in turn.</summary>
    internal static IReadOnlyList<Diagnostic> Of(EvaluationSums sums, int model) =>
        !sums.Models[model].IsFloat || sums.Count < Least || sums is not { HasLabels: true, RanksClasses: true } ? []
            : Of(sums.Models[model].Name, sums.Models[model].Classes, sums.PairsOf(model));

    private static IReadOnlyList<Diagnostic> Of(string model, int classes, IReadOnlyList<PairCount> pairs) =>
        classes >= 2 && What(pairs, classes) is { } what
            ? [new(LibraryCodes.Inaccurate, Severity.Warning, $"the float network '{model}' {what}", null,
                "cortexml doctor with the same model, --data and --labels finds out which preparation or labels fit")]
            : [];

    private static string? What(IReadOnlyList<PairCount> pairs, int classes)
    {
        int samples = pairs.Sum(p => p.Count);
        double count = samples, right = Among(pairs.Where(p => p.Label == p.Said));
        string found = string.Create(CultureInfo.InvariantCulture,
            $"names the right class of {right:P1} of {Counted.Of(samples, "sample")}");
        var map = LabelMatching.Best(pairs);
        double matched = Among(pairs.Where(p => map.TryGetValue(p.Label, out int said) && said == p.Said));
        bool explains = matched - Math.Max(right, LabelMatching.LargestShare(pairs)) >= PermutedGain;
        if (explains && samples >= 5 * map.Count && map.Count > 1)
            return string.Create(CultureInfo.InvariantCulture,
                $"{found}; it would be {matched:P1} if classes were numbered otherwise ({LabelMatching.Text(map)})");
        if (right <= Guessing(classes, samples))
            return string.Create(CultureInfo.InvariantCulture, $"{found}: guessing finds {1.0 / classes:P1}");
        var most = pairs.GroupBy(p => p.Label).Select(g => (g.Key, Share: Among(g))).OrderByDescending(g => g.Share)
            .ThenBy(g => g.Key).First();
        bool isMixed = pairs.Select(p => p.Label).Distinct().Count() * 2 >= classes;
        return isMixed && right < most.Share - Errors * Math.Sqrt(most.Share * (1 - most.Share) / count)
            ? string.Create(CultureInfo.InvariantCulture, $"{found}: saying class {most.Key} always would find {most.Share:P1}") : null;

        double Among(IEnumerable<PairCount> some) => some.Sum(p => p.Count) / count;
    }

    /// <summary>
    /// The share of right answers that is not told from guessing: three standard errors above 1 / classes, at most a quarter of the way
    /// to all.
    /// </summary>
    public static double Guessing(int classes, int samples)
    {
        double chance = 1.0 / classes;
        return chance + Math.Min(Errors * Math.Sqrt(chance * (1 - chance) / samples), (1 - chance) / 4);
    }
}

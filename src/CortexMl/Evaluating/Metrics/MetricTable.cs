using CortexMl.Diagnostics;

namespace CortexMl.Evaluating.Metrics;

/// <summary>The metrics: a new one is a new row.</summary>
public static class MetricTable
{
    public static readonly IReadOnlyList<Metric> All =
    [
        new("top1", "the right class has the largest score", MetricTruth.Classes, Metric.Share, HigherIsBetter: true)
        {
            Begin = model => new ClassTally(model, 1), Read = ClassTally.Read, CanBe = ClassTally.CanBe, RanksClasses = true,
        },
        new("top5", "the right class is among the five largest scores", MetricTruth.Classes, Metric.Share, HigherIsBetter: true)
        {
            Begin = model => new ClassTally(model, 5), Read = ClassTally.Read, CanBe = ClassTally.CanBe, RanksClasses = true,
        },
        new("agreement", "the same class as the float network", MetricTruth.Float, Metric.Share, HigherIsBetter: true)
        {
            Begin = model => new ClassTally(model, 0), Read = ClassTally.Read, CanBe = ClassTally.CanBe, RanksClasses = true, Ideal = 1,
        },
        new("db", "signal to noise of the noisiest output, against the float network", MetricTruth.Float, Metric.Decibels,
            HigherIsBetter: true)
        {
            Begin = model => new NoiseTally(model), Read = NoiseTally.Read, CanBe = NoiseTally.CanBe, Valueless = "exact",
        },
        new("cosine", "of embeddings and the float network's: the mean, and the worst", MetricTruth.Float, "", HigherIsBetter: true)
        {
            Begin = model => new CosineTally(model), Read = CosineTally.Read, CanBe = CosineTally.CanBe, Ideal = 1,
        },
        new("verification", "pairs of samples told right as same or different, at the best threshold of their cosine; equal error rate",
            MetricTruth.Identities, Metric.Share, HigherIsBetter: true)
        {
            Begin = model => new VerificationTally(model), Read = VerificationTally.Read,
        },
        new("miou", "mean over classes of intersection / union of label maps; 255 and below 0 do not count", MetricTruth.Maps, Metric.Share,
            HigherIsBetter: true)
        {
            Begin = model => new OverlapTally(model), Read = OverlapTally.Read, CanBe = OverlapTally.CanBe, Ideal = 1,
        },
        new("mae", "mean absolute error of numbers", MetricTruth.Numbers, "", HigherIsBetter: false)
        {
            Begin = model => new ErrorTally(model), Read = ErrorTally.Read, CanBe = ErrorTally.CanBe, Ideal = 0,
        },
        new("boxes", "detections in common with the float network, at IoU 0.5", MetricTruth.Float, Metric.Share, HigherIsBetter: true)
        {
            Begin = model => new BoxTally(model), Read = BoxTally.Read, CanBe = BoxTally.CanBe, NeedsProbe = true, Ideal = 1,
            Valueless = "no boxes",
        },
    ];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(m => m.Name)];

    /// <summary>Null for none.</summary>
    /// <exception cref="DiagnosticException">CML0974.</exception>
    public static Metric? Given(string? name) => name is null ? null : Of(name);

    /// <exception cref="DiagnosticException">CML0974.</exception>
    public static Metric Of(string name) => All.FirstOrDefault(m => m.Name == name) ?? throw new DiagnosticException(
        LibraryCodes.Metric, $"there is no metric '{name}': {string.Join(", ", Names)}", hint: Nearest.Hint(name, Names));
}

using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Sharding;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>A metric that is to be measured, with what its labels say: asked, and found fit, before anything runs.</summary>
public sealed record MetricQuestion
{
    private MetricQuestion(Metric metric, IReadOnlyList<Tensor>? truth) => (Metric, Truth) = (metric, truth);

    public Metric Metric { get; }

    /// <summary>A map or numbers for each sample; null where the float network or classes say what is right.</summary>
    internal IReadOnlyList<Tensor>? Truth { get; }

    /// <summary>Whether labels say what is right; the float network otherwise.</summary>
    internal bool IsOfLabels => Metric.NeedsLabels || Truth is not null;

    /// <param name="labels">The file or folder that was given; null where none was.</param>
    /// <param name="runs">Each model with its view of the same samples.</param>
    /// <param name="notes">Receives a warning of labels that the metric does not look at.</param>
    /// <param name="range">Samples whose labels are asked for; null for all.</param>
    /// <exception cref="DiagnosticException">CML0975, CML0976, and those of reading labels.</exception>
    public static MetricQuestion Of(
        Metric metric, string? labels, IReadOnlyList<(Model Model, ISampleSource Samples)> runs, DiagnosticBag notes,
        SampleRange? range = null)
    {
        var (model, samples) = runs[0];
        bool hasClasses = samples is SampleSource stored && stored.Labels.Take(stored.Count).All(label => label is not null);
        if (metric.NeedsLabels && !hasClasses)
            throw MetricLabels.Bad(
                $"the metric {metric.Name} needs the {(metric.Truth == MetricTruth.Classes ? "class" : "identity")} of every sample", null,
                "pass --labels FILE, or a folder with a sub-folder for each class");
        bool isOfLabels = metric.NeedsLabels || (metric.TakesValues && labels is not null);
        if (!isOfLabels && runs.All(r => r.Model.IsInteger))
            throw new DiagnosticException(LibraryCodes.MetricUnfit,
                $"the metric {metric.Name} compares with the float network: there is none",
                hint: "pass it too: cortexml eval net.onnx out" + (metric.TakesValues ? ", or --labels FILE" : ""));
        if (labels is not null && metric is { Truth: MetricTruth.Float, RanksClasses: false })
            notes.Warning(LibraryCodes.MetricLabels,
                $"--labels: the metric {metric.Name} compares with the float network and does not look at labels",
                hint: "leave them out, or choose a metric that takes them");
        if (metric.Truth == MetricTruth.Maps)
            foreach (var run in runs) ClassMaps.Of(run.Model);
        return new(metric, metric.TakesValues && labels is not null
            ? MetricLabels.Read(labels, metric.Truth, model, samples.Count, range ?? new(0, samples.Count)) : null);
    }
}

using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>What a metric compares a model with.</summary>
public enum MetricTruth
{
    /// <summary>The float network's own outputs; labels have no use.</summary>
    Float,

    /// <summary>The class of every sample, which are the network's.</summary>
    Classes,

    /// <summary>Whose sample it is: any numbers, of which only equal and different count.</summary>
    Identities,

    /// <summary>A class for every pixel; without labels those of the float network.</summary>
    Maps,

    /// <summary>The numbers that the output should hold; without labels those of the float network.</summary>
    Numbers,
}

/// <summary>One figure of how good a model is.</summary>
/// <param name="Name">On the command line.</param>
/// <param name="Summary">A line of help.</param>
/// <param name="Unit"><see cref="Share"/> for parts of 1, which drops in points; <c>dB</c>; empty for the output's own unit.</param>
/// <param name="HigherIsBetter">Whether a drop is a smaller value.</param>
public sealed record Metric(string Name, string Summary, MetricTruth Truth, string Unit, bool HigherIsBetter)
{
    public const string Share = "share", Decibels = "dB";

    /// <summary>What a model that does as the float network does reaches; null where that has no value.</summary>
    public double? Ideal { get; init; }

    /// <summary>What stands for a value that there is none of.</summary>
    public string Valueless { get; init; } = "nothing to measure";

    /// <summary>Whether it is about the class of the first output's largest score: top-1 is told beside it.</summary>
    public bool RanksClasses { get; init; }

    public bool NeedsLabels => Truth is MetricTruth.Classes or MetricTruth.Identities;

    /// <summary>Whether labels are a file of maps or numbers, not a class for each sample.</summary>
    public bool TakesValues => Truth is MetricTruth.Maps or MetricTruth.Numbers;

    /// <summary>An empty sum for one model.</summary>
    internal Func<MetricModel, Tally> Begin { get; init; } = _ => throw new InvalidOperationException("a row of the table has one");

    /// <summary>What sums say, whoever added them up.</summary>
    internal Func<MetricSums, MetricReading> Read { get; init; } = _ => throw new InvalidOperationException("a row of the table has one");

    /// <summary>Whether sums that were stored can be those of so many samples; their number and signs are known to fit.</summary>
    internal Func<MetricSums, int, bool> CanBe { get; init; } = (_, _) => true;

    /// <summary>Whether how outputs are to be read is seen in the float network's outputs of the data's first sample.</summary>
    internal bool NeedsProbe { get; init; }
}

/// <summary>A figure beside the metric's value, such as the worst of what the value is the mean of.</summary>
public sealed record MetricFigure(string Name, double? Value, string Unit);

/// <summary>Adds the samples of one model up.</summary>
internal abstract class Tally(MetricSums sums)
{
    public MetricSums Sums { get; } = sums;

    public abstract void Add(MetricSample sample);
}

/// <summary>What a metric may know of the models before it sees samples.</summary>
/// <param name="Measured">The model that is measured.</param>
/// <param name="Float">The float network; null where there is none.</param>
/// <param name="Probe">What it made of the data's first sample; null where nobody asked.</param>
internal sealed record MetricModel(Model Measured, Model? Float, SampleResult? Probe);

/// <summary>One sample as a metric sees it.</summary>
/// <param name="Index">Of the sample in the data.</param>
/// <param name="Found">What the measured model made of it.</param>
/// <param name="Expected">What the float network made of it; null where there is none.</param>
internal sealed record MetricSample(int Index, SampleResult Found, SampleResult? Expected)
{
    /// <summary>A map or numbers; null where there are no labels of that kind.</summary>
    public Tensor? Truth { get; init; }
}

/// <summary>Outputs as the network's own reals.</summary>
internal static class MetricModels
{
    public static float[] Reals(this MetricModel model, SampleResult found, int output = 0) =>
        LastSteps.OwnReals(model.Measured.Outputs[output], found.Outputs[output]);

    /// <summary>Of the float network.</summary>
    public static float[] Reference(this MetricModel model, SampleResult? expected, int output = 0) =>
        LastSteps.OwnReals(model.Float!.Outputs[output], expected!.Outputs[output]);
}

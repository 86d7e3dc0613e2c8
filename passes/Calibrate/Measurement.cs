using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate.Judging;
using CortexMl.Passes.Calibrate.Parts;
using CortexMl.Tensors;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// Runs the network on samples, one by one, and keeps statistics of every value; never more than one sample's activations are in memory.
/// </summary>
public static class Measurement
{
    /// <summary>A value of more channels takes much memory, and each channel has seen few numbers.</summary>
    private const int MostChannels = 1 << 16;

    private const string Overflows = "the network overflows on this sample: is the preprocessing the model's own?";

    /// <summary>The values that get a threshold, in their order: the graph's inputs, then all results that are no constants.</summary>
    public static IReadOnlyList<Value> Values(Graph graph) =>
        [.. graph.Inputs, .. graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)];

    /// <param name="parts">Keeps what it wants of the samples.</param>
    /// <param name="mayBeEmpty">Whether the data may be without a sample.</param>
    /// <exception cref="DiagnosticException">
    /// CML0551, CML0552, CML0553: no samples, one of another shape, or NaN and infinities.
    /// </exception>
    internal static CalibrationStatistics Run(
        Graph graph, ISampleSource samples, IFloatEvaluator evaluator, PassServices services, DrawnParts parts, bool mayBeEmpty = false)
    {
        var values = Values(graph);
        var names = Names.Of(graph);
        var result = CalibrationStatistics.Empty(graph);
        var (statistics, draw) = (result.Values, result.Draw);
        using var session = evaluator.Prepare(graph, values);
        long done = 0;
        foreach (var sample in samples.Read())
        {
            services.Cancellation.ThrowIfCancellationRequested();
            CheckShapes(graph, sample);
            CheckNumbers(graph, sample);
            int index = samples.First + (int)done;
            parts.Begin(index, draw.Add(index, sample));
            session.Run(sample.Inputs, (i, elements) =>
            {
                int bad = statistics[i].Add(elements);
                parts.See(i, elements);
                if (bad >= 0) throw NotFinite(sample, $"value '%{names[values[i]]}'", elements[bad], bad, Overflows, values[i]);
            });
            services.Progress.Report("calibrate", ++done, samples.Count);
        }
        if (!mayBeEmpty && statistics.All(s => s.Count == 0))
        {
            throw new DiagnosticException(CalibrateCodes.Empty, $"the calibration data has no samples: {samples.Description}",
                hint: "give at least one sample; some hundred from the training set are usual");
        }
        return result;
    }

    /// <summary>Shows the parts the samples that they keep, where statistics were measured elsewhere.</summary>
    internal static void RunDrawn(Graph graph, ISampleSource samples, IFloatEvaluator evaluator, SampleDraw draw, DrawnParts parts)
    {
        using var session = evaluator.Prepare(graph, Values(graph));
        foreach (var (sample, kept) in draw.From(samples, DrawnParts.MostSamples).Zip(draw.Kept))
        {
            parts.Begin(kept.Index, kept.Digest);
            session.Run(sample.Inputs, parts.See);
        }
    }

    internal static ValueStatistics Empty(Value value)
    {
        var shape = value.Type.Shape;
        return new ValueStatistics(HasChannels(value) ? new ChannelStatistics(shape[1], (int)Shape.Of(shape.Skip(2)).Count) : null);
    }

    /// <summary>Whether a convolution or dense layer reads the value as its data, so that each channel may have its own scale.</summary>
    public static bool HasChannels(Value value) =>
        value.Type.Shape is { Rank: > 1, Count: > 0 } shape && shape[1] is > 1 and <= MostChannels
            && value.Uses.Any(
                use => use is { Index: 0, User: { } user } && (user.Spec.Is(OpTraits.Product) || AveragePools.IsConvolution(user)));

    private static void CheckShapes(Graph graph, Sample sample)
    {
        if (sample.Inputs.Count != graph.Inputs.Count)
        {
            throw new DiagnosticException(CalibrateCodes.SampleShape,
                $"sample '{sample.Name}' has {Counted.Of(sample.Inputs.Count, "tensor")}, the network has "
                + $"{Counted.Of(graph.Inputs.Count, "input")}: {Listing.Of([.. graph.Inputs.Select(i => i.Name!)])}");
        }
        var problems = new DiagnosticBag();
        foreach (var (input, tensor) in graph.Inputs.Zip(sample.Inputs))
        {
            if (tensor.Shape == input.Type.Shape) continue;
            problems.Error(
                CalibrateCodes.SampleShape, $"sample '{sample.Name}' is {tensor.Shape}, input '{input.Name}' is {input.Type.Shape}",
                hint: "change the data's preprocessing, or the network's input shape with --input");
        }
        problems.ThrowIfErrors();
    }

    private static void CheckNumbers(Graph graph, Sample sample)
    {
        foreach (var (input, tensor) in graph.Inputs.Zip(sample.Inputs))
        {
            int bad = Array.FindIndex(tensor.Data, v => !float.IsFinite(v));
            if (bad >= 0) throw NotFinite(sample, $"input '{input.Name}'", tensor.Data[bad], bad, "remove the sample or repair the data");
        }
    }

    private static DiagnosticException NotFinite(Sample sample, string where, float number, int index, string hint, Value? value = null) =>
        new(CalibrateCodes.NotFinite,
            $"sample '{sample.Name}': {where} holds {(float.IsNaN(number) ? "NaN" : number > 0 ? "infinity" : "-infinity")} at element "
            + $"{index}", value?.Producer?.Location, hint);
}

using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Survey.Networks;

/// <summary>The float network on ONNX Runtime and the compiled one, on the same samples.</summary>
public static class Comparison
{
    /// <summary>Fills the figures of <paramref name="row"/> that come from running both.</summary>
    /// <param name="metric">Null for top-1, agreement or decibels, the first of them that can be measured.</param>
    internal static NetworkRow Compare(NetworkRow row, Model original, Model compiled, ISampleSource samples, string? metric)
    {
        var floats = Batch.Run(original, samples, new RunOptions(), NoProgress.Instance);
        var integers = Batch.Run(compiled, samples, new RunOptions(), NoProgress.Instance);
        var outputs = compiled.Outputs.Select((port, k) => Noise(port, original.Outputs[k], floats, integers, k));
        var measured = row with { Samples = floats.Results.Count, Outputs = [.. outputs] };
        if (IsVector(floats.Results[0].Outputs[0].Shape)) measured = WithClasses(measured, floats, integers);
        if (metric is null)
            return measured.Classes is { } classes ? measured with { Metric = "top1", MetricValue = classes.Integer }
                : measured.Agreement is not null ? measured with { Metric = "agreement", MetricValue = measured.Agreement }
                : measured with { Metric = "db", MetricValue = measured.Worst };
        var question = MetricQuestion.Of(MetricTable.Of(metric), null, [(original, samples), (compiled, samples)], new());
        return measured with { Metric = metric, MetricValue = MetricReport.Of(question, [floats, integers]).Results[^1].Value };
    }

    private static NetworkRow WithClasses(NetworkRow measured, ModelRun floats, ModelRun integers)
    {
        int[] expected = Choices(floats), found = Choices(integers);
        return measured with
        {
            Agreement = expected.Zip(found).Count(pair => pair.First == pair.Second) / (double)expected.Length,
            Classes = Classes([.. floats.Results.Select(r => r.Label)], expected, found),
        };
    }

    /// <summary>10 · log₁₀(Σx² / Σ(x - y)²) of all samples, to hundredths; floats that are not finite do not count.</summary>
    public static double? Decibels(IEnumerable<(float[] Expected, float[] Found)> samples)
    {
        double signal = 0, noise = 0;
        foreach (var (expected, found) in samples)
        {
            for (int i = 0; i < expected.Length; i++)
            {
                if (!float.IsFinite(expected[i])) continue;
                double apart = (double)expected[i] - found[i];
                signal += (double)expected[i] * expected[i];
                noise += apart * apart;
            }
        }
        return noise == 0 ? null : signal == 0 ? double.NegativeInfinity : Math.Round(10 * Math.Log10(signal / noise), 2);
    }

    /// <summary>Null where a sample has no label.</summary>
    public static ClassFigures? Classes(IReadOnlyList<int?> labels, IReadOnlyList<int> expected, IReadOnlyList<int> found)
    {
        if (labels.Any(label => label is null)) return null;
        int count = labels.Count, lost = 0, won = 0, first = 0;
        for (int i = 0; i < count; i++)
        {
            bool isRight = expected[i] == labels[i], stays = found[i] == labels[i];
            if (isRight) first++;
            if (isRight && !stays) lost++;
            if (!isRight && stays) won++;
        }
        return new((double)first / count, (double)(first - lost + won) / count, lost, won, McNemar.P(lost, won));
    }

    private static OutputNoise Noise(ModelPort port, ModelPort original, ModelRun floats, ModelRun integers, int output) =>
        new(port.Name, Decibels(floats.Results.Zip(integers.Results, (a, b) =>
            (LastSteps.OwnReals(original, a.Outputs[output]), LastSteps.OwnReals(port, b.Outputs[output])))));

    private static bool IsVector(Shape shape) => shape.Count > 1 && shape.Rank <= 2 && shape[shape.Rank - 1] == shape.Count;

    private static int[] Choices(ModelRun run) => [.. run.Results.Select(r => Ranking.Top1(LastSteps.Scores(run.Model, r)))];
}

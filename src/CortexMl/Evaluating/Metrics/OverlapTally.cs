using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// Intersection / union of the pixels of each class, as the first output has them and as they should be, over all samples; the mean of the
/// classes that occur in either.
/// </summary>
internal sealed class OverlapTally(MetricModel model) : Tally(new(Kinds * ClassMaps.Of(model.Measured).Classes))
{
    /// <summary>Pixels of a class that both have, that are found, and that should be.</summary>
    public const int Kinds = 3;

    private readonly ClassMaps _maps = ClassMaps.Of(model.Measured);

    public static MetricReading Read(MetricSums sums)
    {
        long both = 0, pixels = 0;
        var shares = new List<double>();
        for (int i = 0; i < sums.Counts.Length; i += Kinds)
        {
            var (common, found, expected) = (sums.Counts[i], sums.Counts[i + 1], sums.Counts[i + 2]);
            long union = found + expected - common;
            if (union > 0) shares.Add((double)common / union);
            (both, pixels) = (both + common, pixels + expected);
        }
        return new(shares.Count == 0 ? null : shares.Average(),
        [
            new("pixels", pixels == 0 ? null : (double)both / pixels, Metric.Share),
            new("worst class", shares.Count == 0 ? null : shares.Min(), Metric.Share), new("classes", shares.Count, ""),
        ]);
    }

    public static bool CanBe(MetricSums sums, int samples) =>
        sums.Counts.Chunk(Kinds).All(of => of[0] <= Math.Min(of[1], of[2]));

    public override void Add(MetricSample sample)
    {
        int[] found = _maps.Choose(model.Reals(sample.Found));
        int[] expected = sample.Truth is { } truth ? [.. Enumerable.Range(0, truth.Length).Select(i => (int)truth.GetDouble(i))]
            : _maps.Choose(model.Reference(sample.Expected));
        for (int i = 0; i < found.Length; i++)
        {
            if (!_maps.Counts(expected[i])) continue;
            Sums.Counts[Kinds * found[i] + 1]++;
            Sums.Counts[Kinds * expected[i] + 2]++;
            if (found[i] == expected[i]) Sums.Counts[Kinds * found[i]]++;
        }
    }
}

/// <summary>Where an output of scores has its classes, and the class of each pixel.</summary>
/// <param name="Classes">How many.</param>
/// <param name="Plane">Height and width.</param>
/// <param name="IsLast">Whether the classes are the last axis, not the second.</param>
internal sealed record ClassMaps(int Classes, Shape Plane, bool IsLast)
{
    /// <summary>A label that does not count, as data sets have it; so are those below 0.</summary>
    public const int Void = 255;

    /// <exception cref="DiagnosticException">CML0976: the first output is no map of scores.</exception>
    public static ClassMaps Of(Model model)
    {
        var shape = Shape.Of(model.Outputs[0].Shape);
        if (shape.Rank != 4 || shape[0] != 1)
            throw Unfit(model, shape, "the scores of classes for every pixel are [1, C, H, W] or [1, H, W, C]");
        // Of two axes that could be the classes, there are fewer classes than pixels in a row.
        bool isLast = shape[3] < shape[1] && shape[3] < shape[2];
        int classes = isLast ? shape[3] : shape[1];
        if (classes < 2) throw Unfit(model, shape, "of one channel no arg-max can be taken");
        return new(classes, isLast ? Shape.Of(shape[1], shape[2]) : Shape.Of(shape[2], shape[3]), isLast);
    }

    public bool Counts(int label) => label >= 0 && (label != Void || Classes > Void);

    /// <summary>The first of the largest scores.</summary>
    public int[] Choose(float[] scores)
    {
        int pixels = (int)Plane.Count;
        var classes = new int[pixels];
        for (int i = 0; i < pixels; i++)
        {
            int best = 0;
            for (int c = 1; c < Classes; c++)
                if (At(i, c) > At(i, best)) best = c;
            classes[i] = best;
        }
        return classes;

        float At(int pixel, int c) => scores[IsLast ? pixel * Classes + c : c * pixels + pixel];
    }

    private static DiagnosticException Unfit(Model model, Shape shape, string why) => new(LibraryCodes.MetricUnfit,
        $"the metric miou does not fit '{model.Name}', whose first output '{model.Outputs[0].Name}' is {shape}: {why}");
}

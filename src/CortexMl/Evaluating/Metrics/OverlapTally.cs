using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// Intersection / union of the pixels of each class, as the first output has them and as they should be, over all samples; the mean of the
/// classes that occur in either.
/// </summary>
internal sealed class OverlapTally : Tally
{
    private readonly MetricModel _model;
    private readonly ClassMaps _maps;
    private readonly long[] _both, _found, _expected;

    public OverlapTally(MetricModel model)
    {
        (_model, _maps) = (model, ClassMaps.Of(model.Measured));
        (_both, _found, _expected) = (new long[_maps.Classes], new long[_maps.Classes], new long[_maps.Classes]);
    }

    public override double? Value => Shares() is { Count: > 0 } shares ? shares.Average() : null;

    public override IReadOnlyList<MetricFigure> Figures
    {
        get
        {
            var shares = Shares();
            double pixels = _expected.Sum();
            return
            [
                new("pixels", pixels == 0 ? null : _both.Sum() / pixels, Metric.Share),
                new("worst class", shares.Count == 0 ? null : shares.Min(), Metric.Share), new("classes", shares.Count, ""),
            ];
        }
    }

    public override void Add(MetricSample sample)
    {
        int[] found = _maps.Choose(_model.Reals(sample.Found));
        int[] expected = sample.Truth is { } truth ? [.. Enumerable.Range(0, truth.Length).Select(i => (int)truth.GetDouble(i))]
            : _maps.Choose(_model.Reference(sample.Expected));
        for (int i = 0; i < found.Length; i++)
        {
            if (!_maps.Counts(expected[i])) continue;
            _found[found[i]]++;
            _expected[expected[i]]++;
            if (found[i] == expected[i]) _both[found[i]]++;
        }
    }

    public override void Merge(Tally other)
    {
        var more = (OverlapTally)other;
        for (int c = 0; c < _both.Length; c++)
        {
            _both[c] += more._both[c];
            _found[c] += more._found[c];
            _expected[c] += more._expected[c];
        }
    }

    private List<double> Shares() => [.. from c in Enumerable.Range(0, _both.Length)
                                         let union = _found[c] + _expected[c] - _both[c]
                                         where union > 0
                                         select (double)_both[c] / union];
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

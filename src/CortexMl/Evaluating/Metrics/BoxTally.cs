using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// Detections of the float network that the model keeps, and those that it invents, after non-maximum suppression of both: 2 · kept /
/// (boxes of the one + boxes of the other).
/// </summary>
internal sealed class BoxTally(MetricModel model) : Tally(new(4))
{
    /// <summary>Below it a box is none.</summary>
    public const double Score = 0.5;

    private const int Expected = 0, Found = 1, Kept = 2, Close = 3;

    /// <summary>Known from the first sample on.</summary>
    private BoxDecoder? _decoder;

    public static MetricReading Read(MetricSums sums)
    {
        var (expected, found, kept) = (sums.Counts[Expected], sums.Counts[Found], sums.Counts[Kept]);
        return new(expected + found == 0 ? null : 2.0 * kept / (expected + found),
        [
            new("boxes", expected, ""), new("kept", kept, ""), new("invented", found - kept, ""),
            new("IoU from 0.9", sums.Counts[Close], ""),
        ]);
    }

    public static bool CanBe(MetricSums sums, int samples) =>
        sums.Counts[Kept] <= Math.Min(sums.Counts[Expected], sums.Counts[Found]) && sums.Counts[Close] <= sums.Counts[Kept];

    public override void Add(MetricSample sample)
    {
        _decoder ??= BoxFormat.Fitting(new(
            model.Float!.Name, model.Float.Inputs[0].Shape, [.. model.Float.Outputs.Select(o => Shape.Of(o.Shape))],
            [.. model.Float.Outputs.Select((_, k) => model.Reference(model.Probe, k))]));
        var expected = Decoded(model.Float!, sample.Expected!);
        var found = Decoded(model.Measured, sample.Found);
        Sums.Counts[Expected] += expected.Count;
        Sums.Counts[Found] += found.Count;
        var overlaps = BoxMatching.Overlaps(expected, found);
        Sums.Counts[Kept] += overlaps.Count;
        Sums.Counts[Close] += overlaps.Count(overlap => overlap >= BoxMatching.Close);
    }

    private IReadOnlyList<Box> Decoded(Model of, SampleResult result) =>
        BoxMatching.Best(_decoder!([.. of.Outputs.Select((port, k) => LastSteps.OwnReals(port, result.Outputs[k]))], Score));
}

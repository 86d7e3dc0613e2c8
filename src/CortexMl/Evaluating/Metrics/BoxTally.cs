using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// Detections of the float network that the model keeps, and those that it invents, after non-maximum suppression of both: 2 · kept /
/// (boxes of the one + boxes of the other).
/// </summary>
internal sealed class BoxTally(MetricModel model) : Tally
{
    /// <summary>Below it a box is none.</summary>
    public const double Score = 0.5;

    private readonly MetricModel _model = model;
    private readonly BoxDecoder _decoder = BoxFormat.Fitting(new(
        model.Float!.Name, model.Float.Inputs[0].Shape, [.. model.Float.Outputs.Select(o => Shape.Of(o.Shape))],
        [.. model.Float.Outputs.Select((_, k) => model.Reference(model.Probe, k))]));

    private long _expected, _found, _kept, _close;

    public override double? Value => _expected + _found == 0 ? null : 2.0 * _kept / (_expected + _found);

    public override IReadOnlyList<MetricFigure> Figures =>
        [new("boxes", _expected, ""), new("kept", _kept, ""), new("invented", _found - _kept, ""), new("IoU from 0.9", _close, "")];

    public override void Add(MetricSample sample)
    {
        var expected = Decoded(_model.Float!, sample.Expected!);
        var found = Decoded(_model.Measured, sample.Found);
        _expected += expected.Count;
        _found += found.Count;
        var overlaps = BoxMatching.Overlaps(expected, found);
        _kept += overlaps.Count;
        _close += overlaps.Count(overlap => overlap >= BoxMatching.Close);
    }

    public override void Merge(Tally other)
    {
        var more = (BoxTally)other;
        (_expected, _found, _kept, _close) =
            (_expected + more._expected, _found + more._found, _kept + more._kept, _close + more._close);
    }

    private IReadOnlyList<Box> Decoded(Model of, SampleResult result) =>
        BoxMatching.Best(_decoder([.. of.Outputs.Select((port, k) => LastSteps.OwnReals(port, result.Outputs[k]))], Score));
}

using CortexMl.Diagnostics;
using CortexMl.Ir.Origins;
using CortexMl.Passes;
using CortexMl.Tensors;

namespace CortexMl.Running;

/// <summary>
/// Samples as the integers that a compiled model takes: each input at its own scale and precision, and where the model packs several into
/// one, flattened and concatenated in their order.
/// </summary>
public sealed class IntegerInputs
{
    private readonly Model _model;
    private readonly IReadOnlyList<int> _precisions;

    /// <summary>
    /// integer = real · scale, for each input, of reals that may be centred first; null where the data already are integers.
    /// </summary>
    private readonly IReadOnlyList<(double Scale, Centering? Centering)>? _scales;

    private readonly long[] _elements, _beyond;

    private IntegerInputs(Model model, IReadOnlyList<(double Scale, Centering? Centering)>? scales)
    {
        _model = model;
        _scales = scales;
        _precisions = model.IsPacked
            ? [.. model.Io!.Inputs.Select(i => i.Precision)]
            : [.. model.Graph.Inputs.Select(i => i.Type.Precision)];
        (_elements, _beyond) = (new long[_precisions.Count], new long[_precisions.Count]);
    }

    /// <exception cref="DiagnosticException">CML0922: the model does not say its scales and the options do not either.</exception>
    public static IntegerInputs For(Model model, RunOptions options) => new(model, options.Integer ? null : Scales(model, options));

    /// <returns>One tensor per input of the graph.</returns>
    /// <exception cref="DiagnosticException">CML0926: integers that are none, or outside their precision.</exception>
    public IReadOnlyList<Tensor<int>> Of(Sample sample)
    {
        var tensors = sample.Inputs.Select((values, i) => Integers(values, i, sample.Name)).ToList();
        return _model.IsPacked
            ? [Pack(tensors)]
            : [.. tensors.Zip(_model.Graph.Inputs, (tensor, input) => Shaped(tensor, input.Type.Shape))];
    }

    /// <summary>How much of each input was cut off so far, on all threads; empty where the data already are integers.</summary>
    public IReadOnlyList<(long Elements, long Beyond)> CutOff => _scales is null ? [] : [.. _elements.Zip(_beyond)];

    private Tensor<int> Integers(Tensor<float> values, int input, string name)
    {
        if (_scales is not { } scales) return InputQuantizer.Exactly(values, _precisions[input], name);
        var (scale, centering) = scales[input];
        var integers = InputQuantizer.Quantize(values, scale, _precisions[input], centering, out long beyond);
        Interlocked.Add(ref _elements[input], integers.Length);
        Interlocked.Add(ref _beyond[input], beyond);
        return integers;
    }

    /// <summary>A single number, which the CVM holds as [1]; what does not fit is left to the engine to refuse.</summary>
    private static Tensor<int> Shaped(Tensor<int> tensor, Shape shape) =>
        tensor.Shape.Rank == 0 && shape.Count == 1 ? tensor.Reshape(shape) : tensor;

    private Tensor<int> Pack(IReadOnlyList<Tensor<int>> tensors) =>
        Tensor.Create(_model.Graph.Inputs[0].Type.Shape, tensors.SelectMany(t => t.Data).ToArray());

    private static List<(double Scale, Centering? Centering)> Scales(Model model, RunOptions options) =>
        [.. Enumerable.Range(0, model.Inputs.Count).Select(i => ScaleOf(model, i, options))];

    private static (double Scale, Centering? Centering) ScaleOf(Model model, int i, RunOptions options)
    {
        if (options.InputScale is { } given) return (given, null);
        if (model.Io is { } io) return (io.Inputs[i].Scale, io.Inputs[i].Centering);
        if (model.Graph.Inputs[i].Type.Scale is { } scale) return (scale.Value, InputSignature.CenteringOf(model.Graph, i));
        throw new DiagnosticException(LibraryCodes.NoScale,
            $"'{model.Name}' does not say how real numbers become its integers: there is no {ModelIo.FileName}",
            hint: "pass --input-scale S (integer = real · S), or --integer where the data already are the model's integers");
    }
}

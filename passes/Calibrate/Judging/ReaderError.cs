using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;

namespace CortexMl.Passes.Calibrate.Judging;

/// <summary>
/// What errors of the data and rounded weights make wrong at the result of one layer, on parts of its data and for some of its outputs.
/// </summary>
internal sealed class ReaderError : IDisposable
{
    /// <summary>Of one run of the layer: some milliseconds.</summary>
    private const double Multiplications = 1e7;

    private const int FewestOutputs = 16;

    private readonly Operation _reader;
    private readonly Tensor<float> _data;
    private readonly Tensor<float>? _weight;
    private readonly IFloatEvaluator _evaluator;
    private readonly IFloatSession _exact;
    private readonly Dictionary<Scale, float[]> _ofWeights = [];

    /// <param name="data">Parts of the data, one behind the other.</param>
    public ReaderError(Operation reader, Tensor<float> data, IFloatEvaluator evaluator)
    {
        (_reader, _data, _evaluator) = (reader, data, evaluator);
        _weight = reader.Spec.Is(OpTraits.Product) ? SomeOutputs(reader, data.Shape) : null;
        _exact = Session(_weight);
        Power = LayerError.Power(Run(_exact, data));
    }

    /// <summary>Squared sum of the result, without a bias.</summary>
    public double Power { get; }

    /// <summary>Squared sum of what an error of the data makes wrong at the result.</summary>
    public double OfData(Tensor<float> rest) => LayerError.Power(Run(_exact, rest));

    /// <summary>Squared sum of what an error of the data and the weights' rounding make wrong together.</summary>
    /// <param name="scales">Of the data's channels: the weights take them up before they are rounded.</param>
    public double Of(Tensor<float> rest, Scale scales)
    {
        if (_weight is null) return OfData(rest);
        float[] data = Run(_exact, rest), weights = OfWeights(scales);
        double sum = 0;
        for (int i = 0; i < data.Length; i++) sum += ((double)data[i] + weights[i]) * ((double)data[i] + weights[i]);
        return sum;
    }

    public void Dispose() => _exact.Dispose();

    /// <summary>One scale for all channels, whichever it is, leaves the weights as they are.</summary>
    private float[] OfWeights(Scale scales)
    {
        var key = scales.IsPerChannel ? scales : Scale.PerTensor(1);
        if (_ofWeights.TryGetValue(key, out float[]? known)) return known;
        using var lost = Session(WeightRounding.Rest(_reader, _weight!, key));
        return _ofWeights[key] = Run(lost, _data);
    }

    private static float[] Run(IFloatSession session, Tensor<float> data) => session.Run([data])[0].Data;

    private IFloatSession Session(Tensor<float>? weight)
    {
        var build = new GraphBuilder("reader", Level.Float);
        var input = build.Input("data", TensorType.Float(_data.Shape));
        Value[] operands = weight is null ? [input] : [input, build.Constant("weight", weight)];
        build.Output(build.Operation(_reader.Spec, operands, _reader.Attributes).Result);
        var graph = build.Build();
        return _evaluator.Prepare(graph, [.. graph.Outputs]);
    }

    /// <summary>Rows of the weights at even distances, as many as a run may cost; of a layer with groups all.</summary>
    private static Tensor<float> SomeOutputs(Operation layer, Shape data)
    {
        var weight = layer["weight"].Constant!.Tensor.ToFloat();
        int outputs = weight.Shape[0], row = weight.Length / Math.Max(1, outputs);
        if (layer.Spec == NnConv.Conv2D && layer.Int("groups") > 1) return weight;
        double places = data.Count / (double)data[1];
        int some = (int)Math.Clamp(Multiplications / Math.Max(1, places * row), Math.Min(FewestOutputs, outputs), outputs);
        if (some == outputs) return weight;
        var rows = Tensor.Zeros<float>(weight.Shape.With(0, some));
        for (int i = 0; i < some; i++) weight.Data.AsSpan((int)((long)i * outputs / some) * row, row).CopyTo(rows.Data.AsSpan(i * row));
        return rows;
    }
}

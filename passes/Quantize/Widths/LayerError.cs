using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>What 8 bits of a layer's data and weights make wrong at its result, for one sample.</summary>
/// <param name="Sum">Of both errors, in the result's shape.</param>
/// <param name="Data">Squared sum of the error that rounding and saturating the data makes.</param>
/// <param name="Weights">Of that of rounded weights.</param>
/// <param name="Centred">Of that of data rounded to codes on both sides of its middle; 0 where it cannot be centred.</param>
internal sealed record LayerError(Tensor<float> Sum, double Data, double Weights, double Centred)
{
    /// <returns>For each layer an entry for each sample.</returns>
    /// <remarks>
    /// The network once for all samples, and then each layer alone, so that of a large network neither all weights are packed again nor the
    /// three errors of all layers in memory at once.
    /// </remarks>
    public static IReadOnlyList<IReadOnlyList<LayerError>> Measure(
        Graph graph, IReadOnlyList<Operation> layers, IReadOnlyList<Sample> samples, Func<Value, Scale> scales, IFloatEvaluator evaluator)
    {
        var values = new List<IReadOnlyList<Tensor<float>>>();
        Value[] read = [.. layers.SelectMany(OperandErrors.Read).Distinct()];
        using (var network = evaluator.Prepare(graph, read))
            values.AddRange(samples.Select(sample => network.Run(sample.Inputs)));
        var places = read.Index().ToDictionary(v => v.Item, v => v.Index);
        return [.. layers.Select(layer => layer.Spec == NnConv.MatMul
            ? OperandErrors.Of(layer, [.. samples.Select((_, s) => (Func<Value, Tensor<float>>)(v => values[s][places[v]]))], evaluator)
            : Of(layer, [.. values.Select(v => v[places[layer["data"]]])], scales(layer["data"]), evaluator))];
    }

    /// <summary>Element by element, of two errors of one shape.</summary>
    public static Tensor<float> Both(Tensor<float> one, Tensor<float> other)
    {
        var sum = Tensor.Zeros<float>(one.Shape);
        for (int i = 0; i < sum.Length; i++) sum.Data[i] = one.Data[i] + other.Data[i];
        return sum;
    }

    public static double Power(float[] numbers)
    {
        double sum = 0;
        foreach (float v in numbers) sum += (double)v * v;
        return sum;
    }

    private static LayerError[] Of(Operation layer, IReadOnlyList<Tensor<float>> values, Scale scales, IFloatEvaluator evaluator)
    {
        var errors = Errors(layer, scales);
        using var session = evaluator.Prepare(errors, [.. errors.Outputs]);
        return [.. values.Select(value =>
        {
            // What the network's input loses is not for a layer to mend.
            var lost = LayerWidth.ReadsInput(layer) ? Tensor.Zeros<float>(value.Shape) : Rest(value, scales);
            var found = session.Run([lost, value, CentredRest(layer, value, scales)]);
            return new LayerError(Both(found[0], found[1]), Power(found[0].Data), Power(found[1].Data), Power(found[2].Data));
        })];
    }

    //  layer(%rest of the data, @w), layer(%data, @ŵ - w), layer(%rest of the centred data, @w), without biases
    private static Graph Errors(Operation layer, Scale scales)
    {
        var build = new GraphBuilder("errors", Level.Float);
        var type = TensorType.Float(layer["data"].Type.Shape);
        Value rest = build.Input("rest", type), data = build.Input("data", type), centred = build.Input("centred", type);
        var weight = (Tensor<float>)layer["weight"].Constant!.Tensor;
        Value kept = build.Constant("weight", weight), lost = build.Constant("lost", WeightRounding.Rest(layer, weight, scales));
        foreach (var (input, weights) in new[] { (rest, kept), (data, lost), (centred, kept) })
            build.Output(build.Operation(layer.Spec, [input, weights], layer.Attributes).Result);
        return build.Build();
    }

    /// <summary>What 8 bits at these scales leave of a value, less the value.</summary>
    public static Tensor<float> Rest(Tensor<float> value, Scale scales)
    {
        var rest = Tensor.Zeros<float>(value.Shape);
        long bound = Precisions.Bound(DemandPrecision.Data);
        int inner = (int)Shape.Of(value.Shape.Skip(2)).Count, channels = value.Shape.Rank > 1 ? value.Shape[1] : 1;
        for (int i = 0; i < rest.Length; i++)
        {
            double scale = scales.At(i / inner % channels);
            rest.Data[i] = (float)(Rounding.Clamped(value.Data[i] * scale, bound) / scale - value.Data[i]);
        }
        return rest;
    }

    /// <summary>Nothing where the data cannot be centred.</summary>
    private static Tensor<float> CentredRest(Operation layer, Tensor<float> value, Scale scales)
    {
        var rest = Tensor.Zeros<float>(value.Shape);
        if (!CentredActivation.Applies(layer)) return rest;
        var (middles, reaches) = CentredActivation.Codes(layer["data"], scales);
        long bound = Precisions.Bound(DemandPrecision.Data);
        int inner = (int)Shape.Of(value.Shape.Skip(2)).Count;
        for (int i = 0; i < rest.Length; i++)
        {
            double middle = middles[i / inner % middles.Length], scale = bound / reaches[i / inner % middles.Length];
            rest.Data[i] = (float)(Rounding.Clamped((value.Data[i] - middle) * scale, bound) / scale + middle - value.Data[i]);
        }
        return rest;
    }
}

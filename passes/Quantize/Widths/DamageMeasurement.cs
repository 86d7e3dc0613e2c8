using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// Measures what 8 bits of each layer alone do to the outputs, in float: the error that rounded data and rounded weights make at the
/// layer's own result is computed exactly and added there, and the network is run on from it.
/// </summary>
internal sealed class DamageMeasurement : IDisposable
{
    private readonly IReadOnlyList<Operation> _layers;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly IReadOnlyList<IReadOnlyList<Tensor<float>>> _local;
    private readonly IFloatSession _network;
    private readonly Func<Value, Scale> _scales;
    private readonly IReadOnlyList<Tensor<float>> _nothing;
    private readonly int _outputs;

    /// <param name="graph">Calibrated.</param>
    /// <param name="layers">Convolutions and dense layers of it.</param>
    /// <param name="scales">In which scales layers read values as 8 bits.</param>
    public DamageMeasurement(
        Graph graph, IReadOnlyList<Operation> layers, IReadOnlyList<Sample> samples, Func<Value, Scale> scales, IFloatEvaluator evaluator)
    {
        _samples = samples;
        _layers = layers;
        _scales = scales;
        _outputs = graph.Outputs.Count;
        _nothing = [.. layers.Select(l => Tensor.Zeros<float>(l.Result.Type.Shape))];
        _local = Local(graph, evaluator);
        var network = WithErrors(graph);
        _network = evaluator.Prepare(network, [.. network.Outputs]);
    }

    /// <returns>One entry for each layer, summed over the samples.</returns>
    public IReadOnlyList<LayerDamage> Run(Names names, IProgressSink progress)
    {
        var data = Grid();
        var weights = Grid();
        var centred = Grid();
        double[] power = new double[_outputs];
        foreach (var (index, sample) in _samples.Index())
        {
            var (found, exact) = (_local[index], Network(sample, -1, null));
            for (int k = 0; k < _outputs; k++) power[k] += Power(exact[k].Data);
            for (int i = 0; i < _layers.Count; i++)
            {
                progress.Report("choose-widths", (long)index * _layers.Count + i + 1, (long)_samples.Count * _layers.Count);
                Tensor<float> fromData = found[3 * i], fromWeights = found[3 * i + 1];
                double dataPower = Power(fromData.Data), weightPower = Power(fromWeights.Data), centredPower = Power(found[3 * i + 2].Data);
                if (dataPower + weightPower == 0) continue;
                var moved = Network(sample, i, Sum(fromData, fromWeights));
                for (int k = 0; k < _outputs; k++)
                {
                    double error = Distance(moved[k].Data, exact[k].Data);
                    data[i][k] += error * dataPower / (dataPower + weightPower);
                    weights[i][k] += error * weightPower / (dataPower + weightPower);
                    centred[i][k] += error * centredPower / (dataPower + weightPower);
                }
            }
        }
        return [.. _layers.Select((l, i) => new LayerDamage(
            names[l.Result], Shares(data[i]), Shares(weights[i]), CentredActivation.Applies(l) ? Shares(centred[i]) : []))];

        double[][] Grid() => [.. _layers.Select(_ => new double[_outputs])];

        // Six digits are more than the estimate has, and read well.
        double[] Shares(double[] sums) => [.. sums.Select((s, k) => power[k] > 0 ? Rounded(s / power[k]) : 0)];
    }

    /// <summary>The error of each output with 8 bits in all layers at once, as a share of its squared sum.</summary>
    public double[] Together()
    {
        double[] errors = new double[_outputs], power = new double[_outputs];
        foreach (var (sample, found) in _samples.Zip(_local))
        {
            Tensor<float>[] all = [.. _layers.Select((_, i) => Sum(found[3 * i], found[3 * i + 1]))];
            var (exact, moved) = (_network.Run([.. sample.Inputs, .. _nothing]), _network.Run([.. sample.Inputs, .. all]));
            for (int k = 0; k < _outputs; k++)
            {
                errors[k] += Distance(moved[k].Data, exact[k].Data);
                power[k] += Power(exact[k].Data);
            }
        }
        return [.. errors.Select((e, k) => power[k] > 0 ? e / power[k] : 0)];
    }

    public void Dispose() => _network.Dispose();

    /// <summary>For each layer the error at its result that its rounded data makes and its rounded weights.</summary>
    /// <remarks>One session after the other, so that the weights of a large network are packed once at a time.</remarks>
    private List<IReadOnlyList<Tensor<float>>> Local(Graph graph, IFloatEvaluator evaluator)
    {
        var inputs = new List<List<Tensor<float>>>();
        using (var values = evaluator.Prepare(graph, [.. _layers.Select(l => l["data"])]))
            foreach (var sample in _samples)
                inputs.Add([.. _layers.Zip(values.Run(sample.Inputs)).SelectMany(Inputs)]);
        var errors = Errors();
        using var session = evaluator.Prepare(errors, [.. errors.Outputs]);
        return [.. inputs.Select(input => session.Run(input))];
    }

    private Tensor<float>[] Inputs((Operation Layer, Tensor<float> Value) read) =>
        [Lost(read.Layer, read.Value), read.Value, CentredRest(read.Layer, read.Value)];

    /// <summary>What the network's input loses is not for a layer to mend.</summary>
    private Tensor<float> Lost(Operation layer, Tensor<float> value) =>
        LayerWidth.ReadsInput(layer) ? Tensor.Zeros<float>(value.Shape) : Rest(value, _scales(layer["data"]));

    private IReadOnlyList<Tensor<float>> Network(Sample sample, int layer, Tensor<float>? error)
    {
        var errors = _nothing.ToArray();
        if (error is not null) errors[layer] = error;
        return _network.Run([.. sample.Inputs, .. errors]);
    }

    //  layer(%rest of the data, @w), layer(%data, @ŵ - w), layer(%rest of the centred data, @w)   for each layer, without biases
    private Graph Errors()
    {
        var build = new GraphBuilder("errors", Level.Float);
        var results = new List<Value>();
        foreach (var (i, layer) in _layers.Index())
        {
            var type = TensorType.Float(layer["data"].Type.Shape);
            Value rest = build.Input($"rest{i}", type), data = build.Input($"data{i}", type), centred = build.Input($"centred{i}", type);
            var weight = (Tensor<float>)layer["weight"].Constant!.Tensor;
            var kept = build.Constant($"weight{i}", weight);
            var lost = build.Constant($"lost{i}", WeightRounding.Rest(layer, weight, _scales(layer["data"])));
            results.Add(build.Operation(layer.Spec, [rest, kept], layer.Attributes).Result);
            results.Add(build.Operation(layer.Spec, [data, lost], layer.Attributes).Result);
            results.Add(build.Operation(layer.Spec, [centred, kept], layer.Attributes).Result);
        }
        foreach (var result in results) build.Output(result);
        return build.Build();
    }

    //  %y = layer(…)   ⇒   %y' = nn.add(layer(…), %error)   with an input for each layer
    private Graph WithErrors(Graph graph)
    {
        var copy = GraphCopy.Of(graph);
        var places = graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
        Operation[] layers = [.. _layers.Select(l => copy.Operations[places[l]])];
        var rewriter = new Rewriter(copy);
        foreach (var (i, layer) in layers.Index())
        {
            var error = rewriter.AddInput($"error{i}", TensorType.Float(layer.Result.Type.Shape));
            var next = copy.Operations.ElementAtOrDefault(IndexOf(copy, layer) + 1);
            var sum = rewriter.Insert(next, NnBinary.Add, [layer.Result, error]);
            rewriter.Replace(layer.Result, sum.Result, use => use.User != sum);
        }
        return copy;
    }

    private static int IndexOf(Graph graph, Operation operation)
    {
        for (int i = 0; i < graph.Operations.Count; i++)
            if (graph.Operations[i] == operation) return i;
        throw new ArgumentException("not of this graph", nameof(operation));
    }

    private static Tensor<float> Rest(Tensor<float> value, Scale scales)
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
    private Tensor<float> CentredRest(Operation layer, Tensor<float> value)
    {
        var rest = Tensor.Zeros<float>(value.Shape);
        if (!CentredActivation.Applies(layer)) return rest;
        double[] middles = CentredActivation.Middles(layer["data"], _scales(layer["data"]));
        long bound = Precisions.Bound(DemandPrecision.Data);
        int inner = (int)Shape.Of(value.Shape.Skip(2)).Count;
        for (int i = 0; i < rest.Length; i++)
        {
            double middle = middles[i / inner % middles.Length], scale = bound / middle;
            rest.Data[i] = (float)(Rounding.Clamped((value.Data[i] - middle) * scale, bound) / scale + middle - value.Data[i]);
        }
        return rest;
    }

    private static Tensor<float> Sum(Tensor<float> a, Tensor<float> b)
    {
        var sum = Tensor.Zeros<float>(a.Shape);
        for (int i = 0; i < sum.Length; i++) sum.Data[i] = a.Data[i] + b.Data[i];
        return sum;
    }

    private static double Rounded(double share) => double.Parse(
        share.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private static double Power(float[] numbers)
    {
        double sum = 0;
        foreach (float v in numbers) sum += (double)v * v;
        return sum;
    }

    private static double Distance(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }
}

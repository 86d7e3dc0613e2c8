using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// Measures what 8 bits of each layer alone do to the outputs, or to what a suppression chooses them from, in float: the error that rounded
/// data and rounded weights make at the layer's own result is computed exactly and added there, and the network is run on from it.
/// </summary>
internal sealed class DamageMeasurement : IDisposable
{
    /// <summary>
    /// Runs of the network for a sample: of more layers, neighbours are measured together, so that a network of twice as many takes no
    /// more than twice as long.
    /// </summary>
    private const int MostRuns = 256;

    private readonly IReadOnlyList<Operation> _layers;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly IReadOnlyList<IReadOnlyList<LayerError>> _local;
    private readonly TableErrors _tables;
    private readonly IFloatSession _network;
    private readonly IReadOnlyList<Tensor<float>> _nothing;
    private readonly int _outputs;
    private readonly Func<Operation, bool> _mayBeCentred;

    /// <param name="graph">Calibrated.</param>
    /// <param name="layers">Convolutions, dense layers and products of two values of it.</param>
    /// <param name="scales">In which scales layers read values as 8 bits.</param>
    /// <param name="mayBeCentred">Of which layers centred data is an offer: where it is possible, for a start.</param>
    /// <param name="tables">What its lookup tables may be, the usual ones first.</param>
    public DamageMeasurement(
        Graph graph, IReadOnlyList<Operation> layers, IReadOnlyList<Sample> samples, Func<Value, Scale> scales, IFloatEvaluator evaluator,
        Func<Operation, bool>? mayBeCentred = null, IReadOnlyList<TableWidth>? tables = null)
    {
        _mayBeCentred = mayBeCentred ?? CentredActivation.Applies;
        _samples = samples;
        _layers = layers;
        _local = LayerError.Measure(graph, layers, samples, scales, evaluator);
        _tables = new TableErrors(graph, tables ?? [], samples, evaluator);
        _nothing = [.. layers.Concat(_tables.Operations).Select(o => Tensor.Zeros<float>(o.Result.Type.Shape))];
        var network = WithErrors(graph);
        var judged = ChosenRows.Judged(network);
        _outputs = judged.Count;
        _network = evaluator.Prepare(network, judged);
    }

    /// <returns>One entry for each layer, summed over the samples; that of lookup tables is one for all of them.</returns>
    public NetworkDamage Run(Names names, PassServices services)
    {
        var data = Grid();
        var weights = Grid();
        var centred = Grid();
        double[] power = new double[_outputs];
        double[][] tables = [.. _tables.Widths.Select(_ => new double[_outputs])];
        int together = 1 + (_layers.Count - 1) / MostRuns;
        foreach (var (index, sample) in _samples.Index())
        {
            var exact = Network(sample, index, 0, 0);
            for (int k = 0; k < _outputs; k++) power[k] += LayerError.Power(exact[k].Data);
            for (int width = 0; width < tables.Length; width++)
            {
                var moved = _network.Run([.. sample.Inputs, .. _nothing.Take(_layers.Count), .. _tables.Of(width, index)]);
                for (int k = 0; k < _outputs; k++) tables[width][k] += Distance(moved[k].Data, exact[k].Data);
            }
            for (int from = 0; from < _layers.Count; from += together)
            {
                int to = Math.Min(_layers.Count, from + together);
                services.Cancellation.ThrowIfCancellationRequested();
                services.Progress.Report("choose-widths", (long)index * _layers.Count + to, (long)_samples.Count * _layers.Count);
                double[] shares = [.. Enumerable.Range(from, to - from).Select(i => Share(i, index))];
                double all = shares.Sum();
                if (all == 0) continue;
                var moved = Network(sample, index, from, to);
                for (int k = 0; k < _outputs; k++)
                {
                    double error = Distance(moved[k].Data, exact[k].Data);
                    for (int i = from; i < to; i++)
                    {
                        var local = _local[i][index];
                        double both = local.Data + local.Weights;
                        if (both == 0) continue;
                        double own = error * (shares[i - from] / all) / both;
                        data[i][k] += own * local.Data;
                        weights[i][k] += own * local.Weights;
                        centred[i][k] += own * local.Centred;
                    }
                }
            }
        }
        return new([.. _layers.Select((l, i) => new LayerDamage(
            names[l.Result], Shares(data[i]), Shares(weights[i]), _mayBeCentred(l) ? Shares(centred[i]) : []))],
            [.. _tables.Widths.Zip(tables, (w, errors) => new TableDamage(w.Precision, Shares(errors)))]);

        double[][] Grid() => [.. _layers.Select(_ => new double[_outputs])];

        // Six digits are more than the estimate has, and read well.
        double[] Shares(double[] sums) => [.. sums.Select((s, k) => power[k] > 0 ? Rounded(s / power[k]) : 0)];
    }

    /// <summary>The error of each output with 8 bits in all layers at once and usual tables, as a share of its squared sum.</summary>
    public double[] Together()
    {
        double[] errors = new double[_outputs], power = new double[_outputs];
        foreach (var (index, sample) in _samples.Index())
        {
            Tensor<float>[] all = [.. _local.Select(of => of[index].Sum), .. _tables.Of(0, index)];
            var (exact, moved) = (_network.Run([.. sample.Inputs, .. _nothing]), _network.Run([.. sample.Inputs, .. all]));
            for (int k = 0; k < _outputs; k++)
            {
                errors[k] += Distance(moved[k].Data, exact[k].Data);
                power[k] += LayerError.Power(exact[k].Data);
            }
        }
        return [.. errors.Select((e, k) => power[k] > 0 ? e / power[k] : 0)];
    }

    public void Dispose() => _network.Dispose();

    /// <summary>What a layer's error is worth beside its neighbours': its share of the largest square seen at its result.</summary>
    private double Share(int layer, int sample)
    {
        var local = _local[layer][sample];
        double most = Demands.Threshold(_layers[layer].Result);
        return (local.Data + local.Weights) / (most > 0 ? most * most * local.Sum.Length : 1);
    }

    /// <summary>The network with the errors of layers [from, to).</summary>
    private IReadOnlyList<Tensor<float>> Network(Sample sample, int index, int from, int to)
    {
        var errors = _nothing.ToArray();
        for (int i = from; i < to; i++) errors[i] = _local[i][index].Sum;
        return _network.Run([.. sample.Inputs, .. errors]);
    }

    //  %y = layer(…)   ⇒   %y' = nn.add(layer(…), %error)   with an input for each layer, and then for each table
    private Graph WithErrors(Graph graph)
    {
        var copy = GraphCopy.Of(graph);
        var places = graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
        Operation[] layers = [.. _layers.Concat(_tables.Operations).Select(l => copy.Operations[places[l]])];
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

    private static double Rounded(double share) => double.Parse(
        share.ToString("G6", System.Globalization.CultureInfo.InvariantCulture), System.Globalization.CultureInfo.InvariantCulture);

    private static double Distance(float[] a, float[] b)
    {
        double sum = 0;
        for (int i = 0; i < a.Length; i++) sum += ((double)a[i] - b[i]) * ((double)a[i] - b[i]);
        return sum;
    }
}

/// <summary>What 8 bits do to the outputs.</summary>
/// <param name="Layers">Of each layer.</param>
/// <param name="Tables">Of all lookup tables together, for each width that they may have.</param>
internal sealed record NetworkDamage(IReadOnlyList<LayerDamage> Layers, IReadOnlyList<TableDamage> Tables)
{
    public static readonly NetworkDamage Unmeasured = new([], []);
}

using System.Runtime.CompilerServices;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Reports;

/// <summary>Which weights and biases of a layer became 0 in integers, and whether that can be seen in what the layer returns.</summary>
internal sealed class LayerLoss(LayerConstants layer)
{
    /// <summary>
    /// Shares of the result's range that may get lost: of weights at the most that their data can make of them, which is never seen; of a
    /// bias half a step of 8 bits.
    /// </summary>
    private const double LeastOfWeights = 0.05, LeastOfBias = 0.5 / 127;

    /// <summary>Share of an output's weights, by number and by magnitude, whose loss is no longer called rounding.</summary>
    private const double MostByNumber = 0.5, MostByMagnitude = 0.25;

    private const string Remedy = "bring inputs and channels to ranges alike: divide columns of the data by their ranges (--mean, --std),"
        + " or train with a normalisation in front of the layer; one weight far above the others sets the step of its row";

    /// <summary>For each output and input, the integers that are not 0.</summary>
    private readonly int[] _left = new int[layer.Outputs * layer.Inputs];

    private Tensor<int>? _bias;
    private int _inputs;
    private bool _isOther;

    /// <summary>Whether there are more inputs to come: layers of many inputs are computed in parts.</summary>
    public bool IsOpen => !_isOther && _inputs < layer.Inputs;

    /// <param name="weights">[outputs, inputs, …], the next inputs of the layer.</param>
    /// <param name="bias">One for each output.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Add(Tensor<int> weights, Tensor<int>? bias)
    {
        bool isFactor = layer.Bias is null && weights.Length == layer.Outputs && layer.Weights.Length == layer.Outputs;
        int inputs = isFactor ? 1 : weights.Shape[1];
        _bias = bias ?? _bias;
        if (_inputs + inputs > layer.Inputs || (!isFactor && weights.Shape[0] != layer.Outputs))
        {
            _isOther = true;
            return;
        }
        int taps = weights.Length / (layer.Outputs * inputs);
        for (int o = 0; o < layer.Outputs; o++)
            for (int i = 0; i < inputs; i++)
                _left[o * layer.Inputs + _inputs + i] = taps - weights.Data.AsSpan((o * inputs + i) * taps, taps).Count(0);
        _inputs += inputs;
    }

    /// <summary>Null where nothing of note is lost.</summary>
    public Diagnostic? Doubt()
    {
        if (_isOther || IsOpen) return null;
        var rows = new RowLoss?[layer.Outputs];
        Parallel.For(0, rows.Length, o => rows[o] = Row(o));
        if (rows.Contains(null)) return null;
        int dead = rows.Count(r => r!.IsDead && Shows(r.All)), thin = rows.Count(r => !r!.IsDead && r.IsThin && Shows(r.Lost));
        int columns = DeadColumns([.. rows.Select(r => r!.IsDead)]), biases = DeadBiases();
        string[] lost =
        [
            .. Part(dead, $"all weights of {dead} of {Counted.Of(layer.Outputs, "output")}"),
            .. Part(columns, $"all weights of {columns} of {Counted.Of(layer.Channels, "input")}"),
            .. Part(thin, $"most weights of {thin} of {Counted.Of(layer.Outputs, "output")}"),
            .. Part(biases, $"the bias of {biases} of {Counted.Of(layer.Outputs, "output")}"),
        ];
        return lost.Length == 0 ? null : new(
            LibraryCodes.Underflow, Severity.Warning,
            $"layer '{layer.Name}': {string.Join(", ", lost)} became 0 in integers, smaller than their step", null, Remedy);
    }

    private static string[] Part(int count, string text) => count > 0 ? [text] : [];

    private bool Shows(double magnitude) => magnitude * layer.Reach > LeastOfWeights * layer.Range;

    /// <summary>What is lost of an output's weights; null where the integers are not these weights.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private RowLoss? Row(int output)
    {
        var row = new RowLoss();
        for (int i = 0; i < layer.Inputs; i++)
        {
            var filter = layer.Filter(output, i);
            int alive = filter.Length - filter.Count(0f), left = _left[output * layer.Inputs + i];
            if (left > alive) return null;
            row.Count += alive;
            row.Left += left;
            row.All += SumOf(filter);
            // Of one row and its one step the smallest are lost.
            if (left < alive)
                row.Lost += Array.ConvertAll(filter.ToArray(), w => Math.Abs((double)w)).Order().Take(filter.Length - left).Sum();
        }
        return row;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double SumOf(ReadOnlySpan<float> magnitudes)
    {
        double sum = 0;
        foreach (float weight in magnitudes) sum += Math.Abs((double)weight);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int DeadColumns(bool[] isDeadRow)
    {
        var (lost, alive) = (new double[layer.Channels], new bool[layer.Channels]);
        for (int o = 0; o < layer.Outputs; o++)
        {
            if (isDeadRow[o]) continue;
            for (int i = 0; i < layer.Inputs; i++)
            {
                int channel = layer.Channel(o, i);
                alive[channel] |= _left[o * layer.Inputs + i] > 0;
                lost[channel] = Math.Max(lost[channel], SumOf(layer.Filter(o, i)));
            }
        }
        return Enumerable.Range(0, lost.Length).Count(c => !alive[c] && Shows(lost[c]));
    }

    private int DeadBiases() => _bias is null || layer.Bias is null || _bias.Length != layer.Outputs ? 0
        : Enumerable.Range(0, layer.Outputs).Count(o => _bias.Data[o] == 0 && Math.Abs((double)layer.Bias[o]) > LeastOfBias * layer.Range);

    private sealed class RowLoss
    {
        public int Count { get; set; }

        public int Left { get; set; }

        public double All { get; set; }

        public double Lost { get; set; }

        public bool IsDead => Count > 0 && Left == 0;

        public bool IsThin => Count - Left > MostByNumber * Count && Lost > MostByMagnitude * All;
    }
}

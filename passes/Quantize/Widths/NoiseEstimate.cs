using System.Runtime.CompilerServices;
using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Channels;

namespace CortexMl.Passes.Quantize.Widths;

/// <summary>
/// How noisy outputs come out with 8 bits in all layers, from statistics alone (passes/Quantize/README.md §11): each layer adds what its
/// roundings are expected to, and weights carry on what its data has, as if all errors were independent.
/// </summary>
internal sealed class NoiseEstimate
{
    /// <summary>Mean squares of a value's errors.</summary>
    /// <param name="Rounding">Of roundings, each element's its own: an average of n elements has an n-th of it.</param>
    /// <param name="Weights">Of rounded weights: alike at all places of a channel, so that an average keeps it.</param>
    private readonly record struct Noise(double Rounding, double Weights)
    {
        public Noise Times(double power) => new(Rounding * power, Weights * power);

        public Noise Plus(Noise other) => new(Rounding + other.Rounding, Weights + other.Weights);
    }

    private readonly ChannelScales _channels;
    private readonly Dictionary<Value, double> _powers = [];
    private readonly Dictionary<Value, Noise> _noise = [];

    private NoiseEstimate(Graph graph, CalibrationFile file, ChannelScales channels)
    {
        _channels = channels;
        var names = Names.Of(graph);
        var seen = file.Values.Where(v => v.Seen is not null).ToDictionary(v => v.Name, v => v.Seen!, StringComparer.Ordinal);
        foreach (var value in Measurement.Values(graph))
        {
            if (seen.GetValueOrDefault(names[value]) is not { } summary) continue;
            _powers[value] = (double)summary.Mean * summary.Mean + (double)summary.Deviation * summary.Deviation;
        }
    }

    /// <param name="graph">Calibrated.</param>
    /// <param name="file">Its statistics.</param>
    /// <param name="channels">Scales that layers read values at as 8 bits, where they are not the whole value's.</param>
    /// <returns>
    /// The squared error expected at the noisiest output, as a share of its squared sum; null where an operator, or a value without
    /// statistics, stands between.
    /// </returns>
    public static double? Worst(Graph graph, CalibrationFile file, ChannelScales channels)
    {
        var estimate = new NoiseEstimate(graph, file, channels);
        foreach (var op in graph.Operations.Where(o => o.Constant is null))
        {
            if (op.Results.Count != 1 || estimate.Behind(op) is not { } noise) return null;
            estimate._noise[op.Result] = noise;
        }
        double worst = 0;
        foreach (var output in ChosenRows.Judged(graph))
        {
            var noise = estimate.Of(output);
            double power = estimate._powers.GetValueOrDefault(output);
            if (power > 0) worst = Math.Max(worst, (noise.Rounding + noise.Weights) / power);
        }
        return worst;
    }

    private Noise Of(Value value) => _noise.GetValueOrDefault(value);

    private Noise? Behind(Operation op)
    {
        if (op.Operands.Any(o => !o.IsConstant && !_powers.ContainsKey(o)) || !_powers.ContainsKey(op.Result)) return null;
        if (op.Spec.Is(OpTraits.Product)) return op["weight"].IsConstant ? Product(op) : null;
        if (op.Spec == NnBinary.Add || op.Spec == NnBinary.Sub) return Of(op.Operands[0]).Plus(Of(op.Operands[1]));
        if (op.Spec == NnPool.AvgPool2D || op.Spec == NnPool.GlobalAvgPool || op.Spec == NnReduce.Mean) return Average(op);
        if (op.Spec.Is(OpTraits.Moves)) return Moved(op);
        bool keeps = op.Operands.Count == 1 && op.Spec.Is(OpTraits.Monotone) && op.Spec.Is(OpTraits.Homogeneous);
        return keeps || op.Spec == NnUnary.Clip ? Kept(op) : null;
    }

    //  the same share of the result's power as of the operand's
    private Noise Kept(Operation op)
    {
        double power = _powers[op.Operands[0]];
        return power > 0 ? Of(op.Operands[0]).Times(Math.Min(1, _powers[op.Result] / power)) : default;
    }

    private Noise Moved(Operation op)
    {
        var all = default(Noise);
        long count = op.Operands.Sum(o => o.Type.Shape.Count);
        foreach (var operand in op.Operands) all = all.Plus(Of(operand).Times((double)operand.Type.Shape.Count / count));
        return all;
    }

    private Noise Average(Operation op)
    {
        var noise = Of(op.Operands[0]);
        double each = op.Spec == NnPool.AvgPool2D
            ? op.Ints("kernel").Aggregate(1.0, (a, b) => a * b)
            : (double)op.Operands[0].Type.Shape.Count / op.Result.Type.Shape.Count;
        return noise with { Rounding = noise.Rounding / each };
    }

    //  Σ w² of the data's roundings, Σ (Σ over taps w)² of what is alike at all taps, and the layer's own
    private Noise Product(Operation layer)
    {
        var reader = _channels.Reader(layer)!;
        var data = layer["data"];
        double squares = reader.Squares.Sum(), sums = TapSums(layer["weight"].Constant!.Floats, reader.Taps);
        var noise = Of(data);
        return new Noise(noise.Rounding * squares / reader.Outputs, noise.Weights * sums / reader.Outputs).Plus(Own(layer, reader));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double TapSums(ReadOnlySpan<float> weights, int taps)
    {
        double sums = 0;
        for (int from = 0; from < weights.Length; from += taps)
        {
            double sum = 0;
            foreach (float w in weights.Slice(from, taps)) sum += w;
            sums += sum * sum;
        }
        return sums;
    }

    private Noise Own(Operation layer, ProductReader reader)
    {
        var data = layer["data"];
        int channels = reader.Groups * reader.Inputs;
        var scales = _channels[data] ?? Demands.Narrow(data).Units;
        double whole = Demands.Threshold(data);
        double[] scale = [.. Enumerable.Range(0, channels).Select(scales.At)];
        double[] reach = [.. Enumerable.Range(0, channels).Select(c => data.Type.Channels is { Axis: 1 } own ? own.Values[c] : whole)];
        var (rounding, weights) = reader.Errors(scale, reach);
        double power = reader.ResultReach * reader.ResultReach;
        // What the network's input loses is not for a layer to mend.
        return new(LayerWidth.ReadsInput(layer) ? 0 : rounding * power, weights * power);
    }
}

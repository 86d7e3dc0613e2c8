using System.Text.Json.Serialization;
using CortexMl.Analysis;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Reports;

/// <summary>How far the integers of one value, divided by their scale, are from the float values.</summary>
/// <param name="NoiseRatio">Signal-to-quantization-noise ratio in dB; null where there is no noise.</param>
/// <param name="Cosine">Cosine between both as vectors; 1 is perfect, 0 for zeros in place of other numbers.</param>
/// <param name="MaxError">Largest difference, in real units.</param>
public sealed record NodeNoise(string Name, double? NoiseRatio, double Cosine, double MaxError)
{
    /// <summary>The network's name of the output that this is, before a last step; null for values inside.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the integers were 0 on every sample, where the float values were not.</summary>
    [JsonIgnore]
    public bool IsZero { get; init; }

    /// <summary>What of it is cut off, on all samples.</summary>
    [JsonIgnore]
    public CutOff CutOff { get; init; }

    /// <summary>Whether what is computed from it is as far off; where all of it saturates anyway, as a sigmoid, it is not.</summary>
    [JsonIgnore]
    public bool IsPassedOn { get; init; }
}

/// <summary>
/// The per-node report: values of the network as it was loaded, and the integers that stand for them, on the same inputs.
/// </summary>
internal static class NoiseReport
{
    public const int MaxSamples = 16;

    /// <summary>Decibels of noise alone, where the float network has nothing but zeros.</summary>
    public const double NoSignal = -200;

    /// <param name="loaded">The float graph before any pass, its values marked (<see cref="Provenance.Mark"/>).</param>
    /// <returns>The noisiest first.</returns>
    public static IReadOnlyList<NodeNoise> Measure(Graph loaded, Model compiled, IEnumerable<Sample> samples, IFloatEvaluator evaluator)
    {
        var pairs = Pairs(loaded, compiled);
        if (pairs.Count == 0) return [];
        Sums[] sums = [.. pairs.Select(_ => new Sums())];
        var inputs = IntegerInputs.For(compiled, new RunOptions());
        List<Sample> shown = [.. samples];
        foreach (var (first, count) in InnerValues.Portions([.. pairs.Select(p => p.Integer)]))
        {
            using var session = evaluator.Prepare(loaded, [.. pairs.Skip(first).Take(count).Select(p => p.Float)]);
            var part = InnerValues.Returning(compiled.Graph, [.. pairs.Skip(first).Take(count).Select(p => p.Integer)]);
            using var executable = new CpuEngine(new CpuOptions { Threads = Environment.ProcessorCount }).Prepare(part);
            foreach (var sample in shown)
            {
                var integers = executable.Run(inputs.Of(sample));
                session.Run(sample.Inputs, (i, expected) => sums[first + i].Add(expected, integers[i], pairs[first + i]));
            }
        }
        // Of several forms that are read, the noisiest is what the network has of a value.
        NodeNoise[] noise = [.. pairs.Select((p, i) => sums[i].ToNoise(p.Name) with { Output = p.Output })];
        var spread = new NoiseSpread(pairs.Select((p, i) => (p.Float, noise[i].NoiseRatio)));
        // A form that is read through a slice may cut off what the slice leaves out: the form that cuts off least tells of the value.
        var cut = noise.ToLookup(n => (n.Name, n.Output), n => n.CutOff);
        noise =
        [
            .. noise.Select((n, i) => n with
            {
                IsPassedOn = spread.IsPassedOn(pairs[i].Float), CutOff = cut[(n.Name, n.Output)].MinBy(s => s.Lost),
            }),
        ];
        return
        [
            .. noise.OrderBy(n => n.NoiseRatio ?? double.PositiveInfinity).ThenBy(n => n.Name, StringComparer.Ordinal)
                .DistinctBy(n => (n.Name, n.Output)),
        ];
    }

    /// <summary>Outputs that can be compared: their number, the value of the loaded network, and the network's name of it.</summary>
    /// <inheritdoc cref="Measure"/>
    public static IReadOnlyList<(int Index, Value Real, string Name)> Outputs(Graph loaded, Model compiled)
    {
        var floats = Marked(loaded);
        var outputs = new List<(int, Value, string)>();
        foreach (var (k, value) in compiled.Graph.Outputs.Index())
        {
            if (value.IsInput || value.IsConstant || (value.Type.Scale ?? value.Provenance?.Scale) is null) continue;
            if (Returned(k, value) is { } real && !ChosenRows.Holds(real) && real.Type.Shape.Count == value.Type.Shape.Count)
                outputs.Add((k, real, compiled.Io!.Outputs[k].Name));
        }
        return outputs;

        // By position: an output is the network's, whatever a pass made of it. Where a step is left to do, what the step takes.
        Value? Returned(int k, Value value) => compiled.Io!.Outputs[k].LastStep is null
            ? loaded.Outputs.ElementAtOrDefault(k)
            : value.Provenance is { } provenance ? floats.GetValueOrDefault(provenance.Real) : null;
    }

    private static Dictionary<RealValue, Value> Marked(Graph loaded)
    {
        var floats = new Dictionary<RealValue, Value>();
        foreach (var value in loaded.Operations.SelectMany(o => o.Results))
            if (value.Provenance is { } own) floats.TryAdd(own.Real, value);
        return floats;
    }

    private static List<Pair> Pairs(Graph loaded, Model compiled)
    {
        var floats = Marked(loaded);
        var pairs = new List<Pair>();
        foreach (var (k, real, name) in Outputs(loaded, compiled))
        {
            var value = compiled.Graph.Outputs[k];
            pairs.Add(new(RealName(real), real, value, (value.Type.Scale ?? value.Provenance?.Scale)!, name));
        }
        var told = pairs.Select(p => p.Float).ToHashSet();
        foreach (var value in ReadForms.Of(compiled.Graph))
        {
            var (name, scale) = (value.Provenance!.Real, value.Type.Scale ?? value.Provenance.Scale);
            if (scale is null || !floats.TryGetValue(name, out var real) || told.Contains(real) || ChosenRows.Holds(real)) continue;
            // Row by row, as the CVM has it, a value may have another shape.
            if (real.Type.Shape.Count == value.Type.Shape.Count && (scale.Axis is null || real.Type.Shape == value.Type.Shape))
                pairs.Add(new(name.Name, real, value, scale, null));
        }
        return pairs;

        string RealName(Value real) => real.Provenance?.Real.Name ?? Names.Of(loaded)[real];
    }

    private sealed record Pair(string Name, Value Float, Value Integer, Scale Scale, string? Output);

    private sealed class Sums
    {
        private double _signal, _noise, _product, _restored, _max;
        private CutOff _cutOff;

        public void Add(ReadOnlySpan<float> expected, Tensor<int> integers, Pair pair)
        {
            var scale = pair.Scale;
            long bound = pair.Integer.Type.Element.Bound;
            var shape = integers.Shape;
            int inner = scale.Axis is { } axis ? (int)Shape.Of(shape.Skip(axis + 1)).Count : integers.Length;
            for (int i = 0; i < expected.Length; i++)
            {
                double real = expected[i], channel = scale.At(scale.Axis is { } a ? i / inner % shape[a] : 0);
                double restored = integers.Data[i] / channel, error = restored - real;
                _cutOff = _cutOff.With(real, integers.Data[i], channel, bound);
                _signal += real * real;
                _noise += error * error;
                _product += real * restored;
                _restored += restored * restored;
                _max = Math.Max(_max, Math.Abs(error));
            }
        }

        public NodeNoise ToNoise(string name)
        {
            double lengths = Math.Sqrt(_signal) * Math.Sqrt(_restored);
            double? ratio = _noise == 0 ? null : _signal == 0 ? NoSignal : Math.Round(PortableMath.Decibels(_signal / _noise), 2);
            // Two vectors of zeros are the same; zeros say nothing of any other.
            double cosine = lengths > 0 ? Math.Round(_product / lengths, 6) : _signal == _restored ? 1 : 0;
            return new(name, ratio, cosine, Math.Round(_max, 6)) { IsZero = _restored == 0 && _signal > 0, CutOff = _cutOff };
        }
    }
}

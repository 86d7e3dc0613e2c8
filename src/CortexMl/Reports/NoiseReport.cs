using CortexMl.Analysis;
using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Reports;

/// <summary>How far the integers of one value, divided by their scale, are from the float values.</summary>
/// <param name="NoiseRatio">Signal-to-quantization-noise ratio in dB; null where there is no noise.</param>
/// <param name="Cosine">Cosine between both as vectors; 1 is perfect.</param>
/// <param name="MaxError">Largest difference, in real units.</param>
public sealed record NodeNoise(string Name, double? NoiseRatio, double Cosine, double MaxError)
{
    /// <summary>The network's name of the output that this is, before a last step; null for values inside.</summary>
    public string? Output { get; init; }
}

/// <summary>The per-node report: float and integer values of the same name on the same inputs.</summary>
internal static class NoiseReport
{
    public const int MaxSamples = 16;

    /// <param name="scales">Scales by value name, for values that carry none themselves.</param>
    /// <returns>The noisiest first.</returns>
    public static IReadOnlyList<NodeNoise> Measure(
        Graph floatGraph, Model compiled, IReadOnlyDictionary<string, Scale> scales, ISampleSource samples, IFloatEvaluator evaluator)
    {
        var integerGraph = compiled.Graph;
        var pairs = Pairs(floatGraph, compiled, scales);
        if (pairs.Count == 0) return [];
        Sums[] sums = [.. pairs.Select(_ => new Sums())];
        var inputs = IntegerInputs.For(compiled, new RunOptions());
        using var session = evaluator.Prepare(floatGraph, [.. pairs.Select(p => p.Float)]);
        using var executable = new CpuEngine(new CpuOptions { Threads = Environment.ProcessorCount }).Prepare(Returning(integerGraph, [.. pairs.Select(p => p.Integer)]));
        foreach (var sample in samples.Read().Take(MaxSamples))
        {
            var integers = executable.Run(inputs.Of(sample));
            session.Run(sample.Inputs, (i, expected) => sums[i].Add(expected, integers[i], pairs[i].Scale));
        }
        var noise = pairs.Select((p, i) => sums[i].ToNoise(p.Name) with { Output = p.Output });
        return [.. noise.OrderBy(n => n.NoiseRatio ?? double.PositiveInfinity).ThenBy(n => n.Name, StringComparer.Ordinal)];
    }

    /// <summary>The same operations with other outputs: an engine must show these values, however it fuses.</summary>
    private static Graph Returning(Graph graph, IReadOnlyList<Value> values)
    {
        var copy = GraphCopy.Of(graph);
        var places = graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
        new Rewriter(copy).SetOutputs([.. values.Select(v => copy.Operations[places[v.Producer!]].Results[v.Index])]);
        return copy;
    }

    private static List<Pair> Pairs(Graph floatGraph, Model compiled, IReadOnlyDictionary<string, Scale> scales)
    {
        var integerGraph = compiled.Graph;
        var floatNames = Names.Of(floatGraph);
        var pairs = new List<Pair>();
        // Outputs by position: as rows of the CVM they may have another shape, and passes may have given them another name.
        foreach (var (k, value) in integerGraph.Outputs.Index())
        {
            if (value.IsInput || value.Type.Scale is not { } scale || floatGraph.Outputs.ElementAtOrDefault(k) is not { } real) continue;
            if (real.Type.Shape.Count != value.Type.Shape.Count) continue;
            pairs.Add(new(floatNames[real], real, value, scale, compiled.Io!.Outputs[k].Name));
        }
        var floats = floatGraph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)
            .ToDictionary(v => floatNames[v], StringComparer.Ordinal);
        var paired = pairs.Select(p => p.Integer).ToHashSet();
        foreach (var value in integerGraph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results))
        {
            if (paired.Contains(value)) continue;
            if (value.Name is not { } name || !floats.TryGetValue(name, out var real) || real.Type.Shape != value.Type.Shape) continue;
            if ((value.Type.Scale ?? scales.GetValueOrDefault(name)) is { } scale) pairs.Add(new(name, real, value, scale, null));
        }
        return pairs;
    }

    private sealed record Pair(string Name, Value Float, Value Integer, Scale Scale, string? Output);

    private sealed class Sums
    {
        private double _signal, _noise, _product, _restored, _max;

        public void Add(ReadOnlySpan<float> expected, Tensor<int> integers, Scale scale)
        {
            var shape = integers.Shape;
            int inner = scale.Axis is { } axis ? (int)Shape.Of(shape.Skip(axis + 1)).Count : integers.Length;
            for (int i = 0; i < expected.Length; i++)
            {
                double real = expected[i], restored = integers.Data[i] / scale.At(scale.Axis is { } a ? i / inner % shape[a] : 0), error = restored - real;
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
            double? ratio = _noise == 0 ? null : _signal == 0 ? -200 : Math.Round(10 * Math.Log10(_signal / _noise), 2);
            return new(name, ratio, lengths == 0 ? 1 : Math.Round(_product / lengths, 6), Math.Round(_max, 6));
        }
    }
}

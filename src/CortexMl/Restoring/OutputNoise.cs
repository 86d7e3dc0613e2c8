using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Reports;
using CortexMl.Tensors;

namespace CortexMl.Restoring;

/// <summary>Signal to noise of the outputs of a compiled graph, with any operations in float, on the same samples.</summary>
internal sealed class OutputNoise
{
    /// <summary>Of small outputs more samples are run: chance would decide what a layer buys.</summary>
    private const int MostSamples = 64, SmallOutput = 256;

    private readonly Model _compiled;
    private readonly StandIns _standIns;
    private readonly IFloatEvaluator _evaluator;
    private readonly IReadOnlyList<Sample> _samples;
    private readonly IReadOnlyList<(int Index, Value Real, string Name)> _outputs;
    private readonly IReadOnlyList<IReadOnlyList<Tensor<float>>> _expected;

    /// <param name="loaded">The float graph before any pass, its values marked.</param>
    /// <param name="compiled">The graph behind the last pass, with its inputs and outputs.</param>
    /// <param name="samples">So many of them, or all where there are fewer.</param>
    public OutputNoise(Graph loaded, Model compiled, StandIns standIns, Func<int, IEnumerable<Sample>> samples, IFloatEvaluator evaluator)
    {
        (_compiled, _standIns, _evaluator) = (compiled, standIns, evaluator);
        _outputs = NoiseReport.Outputs(loaded, compiled);
        bool isSmall = _outputs.Any(o => o.Real.Type.Shape.Count < SmallOutput);
        _samples = [.. samples(isSmall ? MostSamples : NoiseReport.MaxSamples)];
        using var session = evaluator.Prepare(loaded, [.. _outputs.Select(o => o.Real)]);
        _expected = [.. _samples.Select(sample => session.Run(sample.Inputs))];
    }

    /// <summary>The network's names of the outputs that are measured.</summary>
    public IReadOnlyList<string> Names => [.. _outputs.Select(o => o.Name)];

    public NoiseSums With(IEnumerable<Operation> restored)
    {
        var islands = FloatIslands.Of(_standIns, _compiled.Graph, restored);
        using var runner = new IslandRunner(_compiled, islands, _evaluator, Environment.ProcessorCount);
        return new([.. _samples.Zip(_expected, (sample, expected) => Sums(runner.Run(sample), expected))]);
    }

    private (double Signal, double Noise)[] Sums(IReadOnlyList<Tensor> made, IReadOnlyList<Tensor<float>> expected)
    {
        var sums = new (double Signal, double Noise)[_outputs.Count];
        foreach (var (i, output) in _outputs.Index())
        {
            var tensor = made[output.Index];
            double scale = tensor is Tensor<int> ? _compiled.OwnOutputs[output.Index].Scale : 1;
            for (int k = 0; k < tensor.Length; k++)
            {
                double real = expected[i].Data[k], error = tensor.GetDouble(k) / scale - real;
                sums[i].Signal += real * real;
                sums[i].Noise += error * error;
            }
        }
        return sums;
    }
}

/// <summary>Squared sums of each output on each sample.</summary>
internal sealed record NoiseSums(IReadOnlyList<(double Signal, double Noise)[]> Samples)
{
    /// <summary>Of every output in dB; infinite where there is no noise.</summary>
    public IReadOnlyList<double> Decibels => Of(-1);

    /// <summary>
    /// Another run's decibels, less these, by chance: the standard error (jackknife over samples) of a figure of both. Null of one sample.
    /// </summary>
    public double? Spread(NoiseSums other, Func<IReadOnlyList<double>, double> figure)
    {
        int count = Samples.Count;
        if (count < 2) return null;
        double[] left = [.. Enumerable.Range(0, count).Select(s => Difference(figure(other.Of(s)), figure(Of(s))))];
        double mean = left.Average();
        return Math.Round(Math.Sqrt((count - 1.0) / count * left.Sum(d => (d - mean) * (d - mean))), 2);
    }

    /// <summary>Nothing where one of both has no noise.</summary>
    public static double Difference(double with, double without) =>
        double.IsFinite(with) && double.IsFinite(without) ? with - without : 0;

    /// <param name="leftOut">Sample that does not count; -1 for none.</param>
    private double[] Of(int leftOut) => [.. Enumerable.Range(0, Samples.Count > 0 ? Samples[0].Length : 0).Select(k =>
    {
        double signal = 0, noise = 0;
        foreach (var (s, sums) in Samples.Index())
            if (s != leftOut) (signal, noise) = (signal + sums[k].Signal, noise + sums[k].Noise);
        return noise == 0 ? double.PositiveInfinity : signal == 0 ? NoiseReport.NoSignal : PortableMath.Decibels(signal / noise);
    })];
}

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

    /// <returns>For each output decibels; infinite where there is no noise.</returns>
    public IReadOnlyList<double> With(IEnumerable<Operation> restored)
    {
        var islands = FloatIslands.Of(_standIns, _compiled.Graph, restored);
        using var runner = new IslandRunner(_compiled, islands, _evaluator, Environment.ProcessorCount);
        double[] signal = new double[_outputs.Count], noise = new double[_outputs.Count];
        foreach (var (sample, expected) in _samples.Zip(_expected))
        {
            var made = runner.Run(sample);
            foreach (var (i, output) in _outputs.Index())
            {
                var tensor = made[output.Index];
                double scale = tensor is Tensor<int> ? _compiled.Outputs[output.Index].Scale : 1;
                for (int k = 0; k < tensor.Length; k++)
                {
                    double real = expected[i].Data[k], error = tensor.GetDouble(k) / scale - real;
                    signal[i] += real * real;
                    noise[i] += error * error;
                }
            }
        }
        return [.. signal.Zip(noise, Decibels)];
    }

    private static double Decibels(double signal, double noise) =>
        noise == 0 ? double.PositiveInfinity : signal == 0 ? NoiseReport.NoSignal : Math.Round(PortableMath.Decibels(signal / noise), 2);
}

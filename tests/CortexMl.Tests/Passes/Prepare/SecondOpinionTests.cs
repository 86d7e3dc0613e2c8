using CortexMl.Engines.Float;
using CortexMl.Float;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Prepare;

/// <summary>The naive kernels and ONNX Runtime are two definitions of the float rows: they agree on whole networks.</summary>
public sealed class SecondOpinionTests
{
    [Fact]
    public void Naive_kernels_agree_with_onnx_runtime()
    {
        for (int seed = 1000; seed < 1040; seed++)
        {
            var graph = RandomNetwork.Of(seed);
            var input = RandomNetwork.Input(seed, graph.Inputs[0].Type.Shape).ToFloat();
            var naive = NaiveEvaluator.Run(graph, [input.ToDouble()])[0];
            using var session = new FloatEvaluator(FloatOptions.Calibration).Prepare(graph, graph.Outputs);
            var other = session.Run([input])[0];
            double scale = Math.Max(1, naive.Data.Max(Math.Abs));
            Assert.True(naive.Data.Zip(other.Data).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-5 * scale),
                $"seed {seed}:\n{TextPrinter.Print(graph)}");
        }
    }
}

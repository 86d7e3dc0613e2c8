using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Tests.Passes.Prepare;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Layers of many terms: the integers, divided by their scale, are the float network's numbers up to 8-bit noise.</summary>
public sealed class WideLayerTests
{
    // Biases larger than the sums of products, so that one that is lost shows.
    [Theory]
    [InlineData("nn.dense(%data, @w, @b)", "f32[1, 40000]", "f32[2, 40000]", "")]
    [InlineData("nn.conv2d(%data, @w, @b)", "f32[1, 9000, 2, 2]", "f32[2, 9000, 2, 2]", " {kernel = [2, 2]}")]
    public void A_layer_with_more_terms_than_32_bits_can_declare_is_split_by_inputs(
        string layer, string data, string weight, string attributes)
    {
        var graph = TextParser.ParseOne($$"""
            graph @wide(%data: {{data}}) {
              @w: {{weight}} = random(1)
              @b: f32[2] = [400, -300]
              %y = {{layer}}{{attributes}}
              return %y
            }
            """);
        var inputs = Enumerable.Range(0, 2).Select(seed => RandomNetwork.Input(seed, graph.Inputs[0].Type.Shape)).ToList();
        var expected = NaiveEvaluator.Run(graph, [inputs[0]])[0];
        IntegerRun.Calibrate(graph, inputs.Select(input => new[] { input }));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        Assert.Equal(2, graph.Operations.Count(o => o.Spec == CvmConv.Dense || o.Spec == CvmConv.Conv2D));
        Assert.True(SignalToNoise(expected.Data, IntegerRun.Of(graph, [inputs[0]])[0]) > 30);
    }

    private static double SignalToNoise(double[] expected, double[] actual)
    {
        double signal = expected.Sum(v => v * v), noise = expected.Zip(actual).Sum(p => (p.First - p.Second) * (p.First - p.Second));
        return noise == 0 ? double.PositiveInfinity : signal == 0 ? 0 : 10 * Math.Log10(signal / noise);
    }
}

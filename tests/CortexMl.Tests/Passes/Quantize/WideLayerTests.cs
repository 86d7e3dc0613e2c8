using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes;
using CortexMl.Passes.Prepare.Folding;
using CortexMl.Tensors;
using CortexMl.Tests.PreparePasses;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.QuantizePasses;

/// <summary>Layers of many terms: the integers, divided by their scale, are the float network's numbers up to 8-bit noise.</summary>
public sealed class WideLayerTests
{
    [Theory]
    [InlineData("nn.dense(%data, @w, @b)", "f32[1, 40000]", "f32[2, 40000]", "")]
    [InlineData("nn.conv2d(%data, @w, @b)", "f32[1, 9000, 2, 2]", "f32[2, 9000, 2, 2]", " {kernel = [2, 2]}")]
    public void A_layer_with_more_terms_than_32_bits_can_declare_is_split_by_inputs(
        string layer, string data, string weight, string attributes)
    {
        var graph = TextParser.ParseOne($$"""
            graph @wide(%data: {{data}}) {
              @w: {{weight}} = random(1)
              @b: f32[2] = random(2)
              %y = {{layer}}{{attributes}}
              return %y
            }
            """);
        var inputs = Enumerable.Range(0, 2).Select(seed => RandomNetwork.Input(seed, graph.Inputs[0].Type.Shape)).ToList();
        var expected = NaiveEvaluator.Run(graph, [inputs[0]])[0];
        Calibrate(graph, inputs);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        Assert.Equal(2, graph.Operations.Count(o => o.Spec == CvmConv.Dense || o.Spec == CvmConv.Conv2D));
        Assert.True(SignalToNoise(expected.Data, Run(graph, inputs[0])) > 30);
    }

    private static double[] Run(Graph graph, Tensor<double> input)
    {
        var type = graph.Inputs[0].Type;
        long bound = type.Element.Bound;
        int[] data = Array.ConvertAll(input.Data, v => (int)Math.Clamp(Math.Floor(v * type.Scale!.Value + 0.5), -bound, bound));
        using var executable = new InterpreterEngine(new InterpreterOptions { TrapOverflow = true }).Prepare(graph);
        double scale = graph.Outputs[0].Type.Scale!.Value;
        return Array.ConvertAll(executable.Run([Tensor.Create(type.Shape, data)])[0].Data, v => v / scale);
    }

    private static void Calibrate(Graph graph, IReadOnlyList<Tensor<double>> inputs)
    {
        var rewriter = new Rewriter(graph);
        var values = graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).Where(v => !v.IsConstant).ToList();
        var outputs = graph.Outputs.ToList();
        rewriter.SetOutputs(values);
        var most = new double[values.Count];
        foreach (var input in inputs)
        {
            var seen = NaiveEvaluator.Run(graph, [input]);
            for (int i = 0; i < most.Length; i++) most[i] = Math.Max(most[i], seen[i].Data.Max(Math.Abs));
        }
        rewriter.SetOutputs(outputs);
        for (int i = 0; i < most.Length; i++) rewriter.SetType(values[i], values[i].Type with { Threshold = most[i] });
    }

    private static double SignalToNoise(double[] expected, double[] actual)
    {
        double signal = expected.Sum(v => v * v), noise = expected.Zip(actual).Sum(p => (p.First - p.Second) * (p.First - p.Second));
        return noise == 0 ? double.PositiveInfinity : signal == 0 ? 0 : 10 * Math.Log10(signal / noise);
    }
}

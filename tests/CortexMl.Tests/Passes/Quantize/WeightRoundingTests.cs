using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Integer weights of a layer: real weight times scale, to the nearest integer; and what that can add to a sum.</summary>
public sealed class WeightRoundingTests
{
    [Fact]
    public void Weights_go_to_the_nearest_integer()
    {
        // sx = 127, and 16 bits within 32767 / 127² make a scale of 127² behind the layer: the weights' own is 127.
        double[] steps = [127, 0.4, -0.4, 0.6, -0.6, 1.4, -1.4, 1.6, -1.6];
        string weights = string.Join(", ", steps.Select(step => FormattableString.Invariant($"{step / 127:R}")));
        var graph = Quantized($$"""
            graph @g(%x: f32[1, 9] within 1) {
              @w: f32[1, 9] = [{{weights}}]
              %y = nn.dense(%x, @w) : f32[1, 1] within {{FormattableString.Invariant($"{32767.0 / (127 * 127):R}")}}
              return %y
            }
            """);
        Assert.Equal([127, 0, 0, 1, -1, 1, -1, 2, -2], Weights(graph));
    }

    // 100 levels: of 127 they are no whole numbers. Centring the input would fold its gain into the weights.
    [Theory]
    [InlineData("%x", true)]
    [InlineData("%c", true)]
    [InlineData("%h", false)]
    public void Weights_on_a_grid_lose_nothing_but_in_a_first_layer(string data, bool isFirst)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 3] within 1) {
              @v: f32[3, 3] = random(1)
              @w: f32[1, 3] = [1, 0.37, -0.58]
              %c = nn.clip(%x) {min = -0.5, max = 0.5} : f32[1, 3] within 0.5
              %h = nn.dense(%x, @v) : f32[1, 3] within 1
              %y = nn.dense({{data}}, @w) : f32[1, 1] within 1
              return %y
            }
            """);
        var layer = graph.Operations.Single(o => o.Result.Name == "y");
        var lost = WeightRounding.Rest(layer, (Tensor<float>)layer["weight"].Constant!.Tensor, Scale.PerTensor(127));
        Assert.Equal(isFirst, lost.Data.Any(l => Math.Abs(l) > 1e-4));
    }

    [Theory]
    [InlineData(2.5, 3)]
    [InlineData(-2.5, -2)]
    [InlineData(-0.5, 0)]
    [InlineData(2.4999, 2)]
    [InlineData(126.6, 127)]
    [InlineData(127.6, 127)]
    [InlineData(-127.6, -127)]
    [InlineData(double.PositiveInfinity, 127)]
    public void Halves_go_up_and_what_lies_beyond_saturates(double value, int expected) =>
        Assert.Equal(expected, Rounding.Clamped(value, 127));

    [Theory]
    [InlineData("nn.dense(%x, @w)", "f32[1, 36]", "f32[8, 36]", "f32[1, 8]")]
    [InlineData("nn.conv2d(%x, @w) {kernel = [3, 3]}", "f32[1, 4, 3, 3]", "f32[8, 4, 3, 3]", "f32[1, 8, 1, 1]")]
    public void Every_weight_is_its_scaled_real_weight_rounded_half_up(string layer, string data, string weight, string result)
    {
        int compared = 0, cutOff = 0;
        for (int seed = 0; seed < 10; seed++)
        {
            string text = $$"""
                graph @g(%x: {{data}} within 1) {
                  @w: {{weight}} = random({{seed}})
                  %y = {{layer}} : {{result}} within {{seed + 1}}
                  return %y
                }
                """;
            float[] real = TextParser.ParseOne(text).Constants.Single().Constant!.Floats.ToArray();
            var graph = Quantized(text);
            var scale = graph.Operations.Single(o => o.Spec == CvmConv.Dense || o.Spec == CvmConv.Conv2D).Result.Type.Scale!;
            int[] found = Weights(graph);
            for (int i = 0; i < found.Length; i++)
            {
                double exact = real[i] * scale.At(i / 36) / 127;
                Assert.Equal(Math.Floor(exact + 0.5), found[i]);
                compared++;
                if (found[i] != Math.Truncate(exact)) cutOff++;
            }
        }
        Assert.Equal(10 * 8 * 36, compared);
        Assert.InRange(cutOff, compared / 3, compared);
    }

    // 200 weights of 0.51 steps become 1 each: the sum is nearly twice what the real weights give, and needs a bit more.
    [Theory]
    [InlineData("", "nn.dense(%x, @w)", "1, 200", "1, 1")]
    [InlineData("{weights=per-tensor}", "nn.dense(%x, @w)", "1, 200", "1, 1")]
    [InlineData("", "nn.conv2d(%x, @w) {kernel = [10, 20]}", "1, 1, 10, 20", "1, 1, 1, 1")]
    public void Weights_that_all_round_up_leave_a_layer_within_32_bits(string options, string layer, string shape, string result)
    {
        string weights = string.Join(", ", Enumerable.Range(0, 200).Select(i => i == 0 ? "1" : "0.004063"));
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[{{shape}}] within 1) {
              @w: f32[{{shape}}] = [{{weights}}]
              %y = {{layer}} : f32[{{result}}] within 30
              return %y
            }
            """);
        var pipeline = Pipeline.Parse($"quantize{options},round-shift,lower-cvm,plan-storage,bound-check");
        new PassManager(PassTable.Registry()).Run(graph, pipeline);
        var product = graph.Operations.Single(o => o.Spec == CvmBinary.BroadcastMul);
        Assert.Equal(32, product.Operands.Sum(o => o.Type.Precision));
    }

    private static Graph Quantized(string text)
    {
        var graph = TextParser.ParseOne(text);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize"));
        return graph;
    }

    private static int[] Weights(Graph graph) =>
        graph.Operations.Single(o => o.Spec == CvmConv.Dense || o.Spec == CvmConv.Conv2D).Operands[1].Constant!.Integers.ToArray();
}

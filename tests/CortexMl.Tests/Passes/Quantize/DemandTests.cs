using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Quantize;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>What a value with several consumers is made for: the precision of the widest, reaching as far as the furthest.</summary>
public sealed class DemandTests
{
    // A dense layer wants 8 bits of %y as far as 2; the rest of the body wants something else of it as well.
    private static string Network(string body) => $$"""
        graph @g(%x: f32[1, 4] within 1) {
          @w: f32[4, 4] = random(1)
          @v: f32[4, 4] = random(2)
          %y = nn.dense(%x, @w) : f32[1, 4] within 2
          %z = nn.dense(%y, @v) : f32[1, 4] within 8
          {{body}}
        }
        """;

    [Theory]
    // The network's output wants 16 bits of it, and reaches eight times as far as calibration saw.
    [InlineData("return %z, %y", 16, 16)]
    // The sum wants 16 bits, twice as far as the other operand reaches.
    [InlineData("%s = nn.add(%y, %z) : f32[1, 4] within 9\n  return %s", 16, 16)]
    // Of a value that reaches less far the sum wants less: twice 1.5.
    [InlineData("%r = nn.relu(%y) : f32[1, 4] within 1.5\n  %s = nn.add(%r, %x) : f32[1, 4] within 2\n  return %z, %s", 16, 3)]
    [InlineData("return %z", 8, 2)]
    public void One_demand_serves_all_consumers(string body, int precision, double reach)
    {
        var graph = TextParser.ParseOne(Network(body));
        var demands = new Demands(new QuantizeSettings(true, 8, 16, 10, 10));
        Assert.Equal(Demand.Covering(precision, reach), demands.Of(graph.Operations.Single(o => o.Result.Name == "y").Result));
    }

    [Fact]
    public void A_long_network_is_no_deep_recursion()
    {
        const int Length = 20_000;
        var build = new GraphBuilder("long", Level.Float);
        var value = build.Input("x", TensorType.Float(1, 2) with { Threshold = 1 });
        for (int i = 0; i < Length; i++)
        {
            value = build.Op(NnUnary.Neg, [value]);
            build.SetType(value, value.Type with { Threshold = 1 });
        }
        build.Output(value);
        var graph = build.Build();
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize"));
        Assert.Equal(Length, graph.Operations.Count(o => o.Spec == CvmUnary.Negative));
    }

    [Fact]
    public void A_layer_is_requantized_to_the_widest_consumer_and_from_there_to_the_others()
    {
        var graph = TextParser.ParseOne(Network("%s = nn.add(%y, %z) : f32[1, 4] within 9\n  return %s"));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize"));
        var layer = graph.Operations.First(o => o.Spec == CvmConv.Dense).Result;
        var wide = Assert.Single(layer.Uses).User!;
        Assert.Equal((Quant.Requantize, 16, 32767.0 / 16), (wide.Spec, wide.Result.Type.Precision, wide.Result.Type.Scale!.Value));
        Assert.Equal([8, 17], wide.Result.Uses.Select(use => use.User!.Result.Type.Precision).Order());
    }
}

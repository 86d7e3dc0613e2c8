using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Widths;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Layers whose bits are decided before they are chosen.</summary>
public sealed class ChooseWidthsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void No_more_layers_are_widened_than_rewrites_are_allowed(int limit)
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 2] within 1) {
              @w: f32[2, 2] = [0.5, 0.25, -0.125, 1]
              %y = nn.dense(%x, @w) : f32[1, 2] within 1
              %z = nn.dense(%y, @w) : f32[1, 2] within 1
              return %z
            }
            """);
        Operation[] layers = [.. graph.Operations.Where(o => o.Spec == NnConv.Dense)];
        var services = new PassServices();
        services.Given.Set(new GivenForms(layers.ToDictionary(l => l, _ => new LayerForm(DataForm.Narrow, WideWeights: true))));
        var rewriter = new Rewriter(graph, limit);
        var options = new PassOptions(ChooseWidths.Record, new Dictionary<string, string>());
        new ChooseWidths().Run(graph, new PassContext(options, rewriter, services));
        Assert.Equal(limit, layers.Count(l => LayerWidth.Of(l).WideWeights));
        Assert.Equal(limit, rewriter.Count);
    }
}

using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>When values are followed to their integers, and which operations are marked.</summary>
public class StandInsTests
{
    [Theory]
    [InlineData(false, "", false)]
    [InlineData(true, "", true)]
    [InlineData(false, "{restore = 1}", true)]
    public void A_record_is_kept_where_somebody_asks_for_it(bool always, string mark, bool expected)
    {
        var (graph, standIns, services) = (Network(mark), new StandIns(always), new PassServices());
        services.Given.Set(standIns);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("restore-float,quantize"), services, [standIns]);
        Assert.Equal(expected, standIns.Floats is not null);
    }

    [Theory]
    [InlineData("", 1)]
    [InlineData("{restore = 1}", 0)]
    public void What_is_marked_already_is_no_change(string mark, int expected)
    {
        var graph = Network(mark);
        var rewriter = new Rewriter(graph);
        var options = new PassOptions(RestoreFloat.Record, new Dictionary<string, string> { ["operations"] = "y" });
        new RestoreFloat().Run(graph, new PassContext(options, rewriter, new PassServices()));
        Assert.Equal(expected, rewriter.Count);
    }

    /// <summary>
    /// The layer's integers have a scale for each channel, those of the input have one: these alone may be laid out anew.
    /// </summary>
    [Theory]
    [InlineData(true, "1, 2", true)]
    [InlineData(true, "2, 1", false)]
    [InlineData(true, "1, 3", false)]
    [InlineData(false, "1, 2", true)]
    [InlineData(false, "2, 1", true)]
    [InlineData(false, "1, 3", false)]
    public void What_took_the_place_of_integers_stands_for_a_value_of_its_elements(bool isLayer, string shape, bool expected)
    {
        var (graph, standIns) = Quantized();
        var value = isLayer ? standIns.Floats!.Outputs[0] : standIns.Floats!.Inputs[0];
        var own = standIns.Of(value, graph)!;
        Assert.Equal(isLayer, own.Scale.Axis is not null);
        var other = TextParser.ParseOne($"graph @h(%v: i8[{shape}]) {{\n  return %v\n}}");
        standIns.Replaced(own.Integers, other.Inputs[0]);
        Assert.Equal(expected ? own with { Integers = other.Inputs[0] } : null, standIns.Of(value, other));
    }

    [Fact]
    public void No_integers_stand_for_a_constant()
    {
        var (graph, standIns) = Quantized();
        Assert.Null(standIns.Of(standIns.Floats!.Operations.First(o => o.Constant is not null).Result, graph));
    }

    private static (Graph Graph, StandIns StandIns) Quantized()
    {
        var (graph, standIns, services) = (Network(""), new StandIns(always: true), new PassServices());
        services.Given.Set(standIns);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("restore-float,quantize"), services, [standIns]);
        return (graph, standIns);
    }

    private static Graph Network(string mark) => TextParser.ParseOne($$"""
        graph @g(%x: f32[1, 2] within 1) {
          @w: f32[2, 2] = random(1)
          %y = nn.dense(%x, @w) {{mark}} : f32[1, 2] within 1
          return %y
        }
        """);
}

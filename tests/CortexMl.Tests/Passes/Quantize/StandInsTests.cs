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

    private static Graph Network(string mark) => TextParser.ParseOne($$"""
        graph @g(%x: f32[1, 2] within 1) {
          @w: f32[2, 2] = random(1)
          %y = nn.dense(%x, @w) {{mark}} : f32[1, 2] within 1
          return %y
        }
        """);
}

using CortexMl.Analysis;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using Xunit;

namespace CortexMl.Tests.Ir;

public sealed class GraphAnalysisTests
{
    /// <summary>Runners of several threads prepare themselves from one graph at the same moment.</summary>
    [Fact]
    public void Threads_that_ask_at_once_get_the_one_result()
    {
        const int Threads = 4;
        for (int round = 0; round < 50; round++)
        {
            var build = new GraphBuilder("g", Level.Float);
            build.Output(build.Op(NnUnary.Relu, [build.Input("x", TensorType.Float(1, 3))]));
            var graph = build.Build();
            using var start = new Barrier(Threads);
            var found = new (Names Names, Intervals Ranges)[Threads];
            var threads = Enumerable.Range(0, Threads).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                found[i] = (Names.Of(graph), Intervals.Of(graph));
            })).ToList();
            threads.ForEach(thread => thread.Start());
            threads.ForEach(thread => thread.Join());
            Assert.All(found, each => Assert.Same(found[0].Names, each.Names));
            Assert.All(found, each => Assert.Same(found[0].Ranges, each.Ranges));
        }
    }
    [Fact]
    public void Analyses_of_one_type_are_told_apart_by_what_was_asked()
    {
        var build = new GraphBuilder("g", Level.Float);
        var x = build.Input("x", TensorType.Float(1, 3));
        build.Output(build.Op(NnUnary.Relu, [x]));
        var graph = build.Build();
        string relus = Count(NnUnary.Relu), abs = Count(NnUnary.Abs);
        Assert.Equal(("1", "0"), (relus, abs));
        Assert.Same(relus, Count(NnUnary.Relu));
        new Rewriter(graph).Insert(null, NnUnary.Abs, [x]);
        Assert.Equal("1", Count(NnUnary.Abs));

        string Count(OpSpec row) =>
            graph.Analysis(g => g.Operations.Count(o => o.Spec == row).ToString(System.Globalization.CultureInfo.InvariantCulture), row);
    }
}

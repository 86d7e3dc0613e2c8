using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Ir;

public sealed class RewriterTests
{
    [Fact]
    public void A_replacement_inherits_name_threshold_and_source_nodes_of_what_it_replaces()
    {
        var graph = Chain();
        var (old, rewriter) = (graph.Operations[1], new Rewriter(graph));
        var added = rewriter.Insert(old, NnUnary.Abs, old.Operands, location: SourceLocation.OfNode("new"));
        rewriter.Replace(old.Result, added.Result);
        rewriter.EraseDead(old);
        Assert.Equal("act", added.Result.Name);
        Assert.Equal(5.5, added.Result.Type.Threshold);
        Assert.Contains("new", added.Location.Nodes);
        Assert.Equal(["nn.neg", "nn.abs"], graph.Operations.Select(o => o.Spec.Name));
        Assert.Empty(Verifier.Check(graph).Items);
    }

    [Fact]
    public void What_a_value_stands_for_goes_to_its_replacement_and_into_copies()
    {
        var graph = Chain();
        Provenance.Mark(graph);
        var (old, rewriter) = (graph.Operations[1], new Rewriter(graph));
        var real = old.Result.Provenance!.Real;
        Assert.Equal("act", real.Name);
        var added = rewriter.Insert(old, NnUnary.Abs, old.Operands);
        Assert.Null(added.Result.Provenance);
        rewriter.Replace(old.Result, added.Result);
        rewriter.EraseDead(old);
        Assert.Same(real, added.Result.Provenance!.Real);
        Assert.Same(real, GraphCopy.Of(graph).Operations[^1].Result.Provenance!.Real);
        // One that stands for something already goes on doing so.
        rewriter.Replace(added.Result, graph.Operations[0].Result);
        Assert.NotSame(real, graph.Operations[0].Result.Provenance!.Real);
    }

    [Fact]
    public void Released_names_are_free_and_stay_with_those_that_took_them()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[2]) { @c: f32[2] = [1, 2] %a = nn.add(%x, @c) return %a }");
        var (old, rewriter) = (graph.Operations[^1], new Rewriter(graph));
        rewriter.ReleaseNames();
        var constant = rewriter.InsertConstant(null, "c", Tensor.Vector(3f, 4f));
        var sum = rewriter.Insert(null, NnBinary.Add, [graph.Inputs[0], constant]).Result;
        rewriter.SetName(sum, "a");
        rewriter.SetOutputs([sum]);
        rewriter.EraseDead(old);
        Assert.Equal(("c", "a"), (constant.Name, sum.Name));
        Assert.Equal("c.1", rewriter.InsertConstant(null, "c", Tensor.Vector(0f)).Name);
        rewriter.SetName(rewriter.Insert(null, NnUnary.Relu, [sum]).Result, "a");
        Assert.Equal("a.1", graph.Operations[^1].Result.Name);
    }

    [Fact]
    public void Replacing_some_uses_leaves_the_name_with_the_old_value()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[2]) { %a = nn.neg(%x) %b = nn.add(%a, %a) return %b, %a }");
        new Rewriter(graph).Replace(graph.Operations[0].Result, graph.Inputs[0], use => use.Index == 1 && !use.IsGraphOutput);
        Assert.Equal(
            "graph @g(%x: f32[2]) -> f32[2], f32[2] {\n  %a = nn.neg(%x) : f32[2]\n  %b = nn.add(%a, %x) : f32[2]\n  return %b, %a\n}\n",
            TextPrinter.Print(graph));
    }

    [Fact]
    public void The_limit_counts_replacements()
    {
        var graph = Chain();
        var rewriter = new Rewriter(graph, limit: 1);
        rewriter.Insert(null, NnUnary.Relu, [graph.Inputs[0]]);
        Assert.False(rewriter.Exhausted);
        rewriter.Replace(graph.Operations[1].Result, graph.Operations[0].Result);
        Assert.True(rewriter.Exhausted);
        Assert.Equal(1, rewriter.Count);
    }

    [Fact]
    public void Replacing_a_value_by_itself_is_no_rewrite()
    {
        var graph = Chain();
        var rewriter = new Rewriter(graph);
        rewriter.Replace(graph.Outputs[0], graph.Outputs[0]);
        Assert.Equal(0, rewriter.Count);
    }

    [Fact]
    public void A_dead_operation_takes_with_it_what_only_it_used()
    {
        var graph = Chain();
        new Rewriter(graph).SetOutputs([graph.Inputs[0]]);
        new Rewriter(graph).EraseDead(graph.Operations[^1]);
        Assert.Empty(graph.Operations);
        Assert.All(graph.Inputs[0].Uses, u => Assert.True(u.IsGraphOutput));
    }

    [Fact]
    public void An_operation_in_use_cannot_be_erased()
    {
        var graph = Chain();
        Assert.Throws<InvalidOperationException>(() => new Rewriter(graph).Erase(graph.Operations[0]));
    }

    [Fact]
    public void New_constants_get_free_names()
    {
        var graph = Chain();
        var rewriter = new Rewriter(graph);
        Assert.Equal("act", rewriter.InsertConstant(null, "act", Tensor.Scalar(1f)).Name);
        Assert.Equal("act.1", rewriter.InsertConstant(null, "act", Tensor.Scalar(1f)).Name);
    }

    private static Graph Chain() => TextParser.ParseOne("""
        graph @chain(%x: f32[2]) {
          %0 = nn.neg(%x)
          %act = nn.relu(%0) : f32[2] within 5.5
          return %act
        }
        """);
}

using System.Text;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Ir;

/// <summary>Graphs of many operations: no recursion as deep as they are long, and the same order whatever is changed.</summary>
public sealed class LargeGraphTests
{
    private const int Length = 30_000;

    [Fact]
    public void A_dead_chain_is_erased_without_deep_recursion()
    {
        var build = new GraphBuilder("g", Level.Float);
        var value = build.Input("x", TensorType.Float(Shape.Of(2)));
        build.Output(value);
        for (int i = 0; i < 10 * Length; i++) value = build.Operation(NnUnary.Relu, [value]).Result;
        var graph = build.Build();
        new Rewriter(graph).EraseDead(value.Producer!);
        Assert.Empty(graph.Operations);
    }

    [Fact]
    public void Operations_stand_where_they_were_inserted()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[2]) { %a = nn.relu(%x) %b = nn.neg(%a) %c = nn.abs(%b) return %c }");
        var (a, b, c) = (graph.Operations[0], graph.Operations[1], graph.Operations[2]);
        var rewriter = new Rewriter(graph);
        var listed = graph.Operations;
        var first = rewriter.Insert(a, NnUnary.Exp, [graph.Inputs[0]]);
        var middle = rewriter.Insert(c, NnUnary.Exp, [b.Result]);
        var last = rewriter.Insert(null, NnUnary.Exp, [c.Result]);
        Assert.Equal([first, a, b, middle, c, last], graph.Operations);
        Assert.Equal([a, b, c], listed);
        foreach (var dead in (Operation[])[first, last, middle]) rewriter.Erase(dead);
        Assert.Equal([a, b, c], graph.Operations);
        rewriter.Reorder([a, b, c]);
        Assert.Equal([a, b, c], graph.Operations);
    }

    [Fact]
    public void Uses_keep_their_order_when_many_come_and_go()
    {
        var build = new GraphBuilder("g", Level.Float);
        var shared = build.Input("x", TensorType.Float(Shape.Of(2)));
        Operation[] users = [.. Enumerable.Range(0, 1000).Select(_ => build.Operation(NnUnary.Relu, [shared]))];
        build.Output(shared);
        var graph = build.Build();
        var rewriter = new Rewriter(graph);
        for (int i = 0; i < users.Length; i++)
            if (i % 3 != 0) rewriter.Erase(users[i]);
        Assert.Equal([.. users.Where((_, i) => i % 3 == 0), null], shared.Uses.Select(u => u.User));
        Assert.Equal(users[999], shared.Uses[^2].User);
        Assert.Equal(335, shared.Uses.Count);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void A_long_chain_is_compiled()
    {
        using var folder = new TemporaryFolder();
        var text = new StringBuilder("graph @g(%x: f32[1, 4]) {\n");
        for (int i = 0; i < Length; i++)
            text.Append($" %v{i} = nn.{(i % 3 == 0 ? "neg" : i % 3 == 1 ? "relu" : "sigmoid")}({(i == 0 ? "%x" : $"%v{i - 1}")})\n");
        string model = folder.Write("g.cml", text.Append($" return %v{Length - 1}\n}}\n").ToString());
        var run = Cli.CliRun.Of("compile", model, "-o", folder["out"], "--random-data", "1", "--quiet");
        Assert.True(run.Exit == 0, run.Error);
    }

    [Fact]
    public void Inputs_are_removed_in_one_step_and_those_that_stay_are_numbered_anew()
    {
        var build = new GraphBuilder("g", Level.Float);
        Value[] inputs = [.. Enumerable.Range(0, Length).Select(i => build.Input($"x{i}", TensorType.Float(Shape.Of(2))))];
        build.Output(inputs[1]);
        var graph = build.Build();
        int version = graph.Version;
        new Rewriter(graph).RemoveInputs([.. inputs.Where((_, i) => i % 3 != 1)]);
        Assert.Equal(version + 1, graph.Version);
        Assert.Equal([.. inputs.Where((_, i) => i % 3 == 1)], graph.Inputs);
        Assert.Equal(Enumerable.Range(0, Length / 3), graph.Inputs.Select(i => i.Index));
    }

    [Fact]
    public void Of_inputs_of_which_one_is_used_none_is_removed()
    {
        var graph = TextParser.ParseOne("graph @g(%a: f32[2], %b: f32[2]) { return %b }");
        Assert.Throws<InvalidOperationException>(() => new Rewriter(graph).RemoveInputs([.. graph.Inputs]));
        Assert.Equal(["a", "b"], graph.Inputs.Select(i => i.Name));
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public void Many_inputs_are_packed()
    {
        using var folder = new TemporaryFolder();
        const int Inputs = 10_000;
        var text = new StringBuilder("graph @g(%x0: f32[1, 4]");
        for (int i = 1; i < Inputs; i++) text.Append($", %x{i}: f32[1, 4]");
        text.Append(") {\n");
        for (int i = 1; i < Inputs; i++) text.Append($" %v{i} = nn.add({(i == 1 ? "%x0" : $"%v{i - 1}")}, %x{i})\n");
        string model = folder.Write("g.cml", text.Append($" return %v{Inputs - 1}\n}}\n").ToString());
        var run = Cli.CliRun.Of("compile", model, "-o", folder["out"], "--random-data", "1", "--quiet");
        Assert.True(run.Exit == 0, run.Error);
    }
}

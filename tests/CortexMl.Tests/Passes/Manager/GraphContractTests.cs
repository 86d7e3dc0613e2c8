using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Manager;

/// <summary>What callers of a network rely on, in the hands of passes that do not say that they change it.</summary>
public sealed class GraphContractTests
{
    private const string Floats = "graph @g(%x: f32[1, 4]) { %a = nn.relu(%x) %b = nn.abs(%a) return %b }";
    private const string Integers = "quant graph @g(%x: i8[1, 4] @ 2) { %a = cvm.relu(%x) : i8[1, 4] @ 2 return %a }";

    [Fact]
    public void Another_number_of_results_is_an_error_of_the_pass() => Fails(
        "1 result became 2", Floats, (graph, rewriter) => rewriter.SetOutputs([graph.Outputs[0], graph.Outputs[0]]), GraphContract.Results);

    [Fact]
    public void Another_shape_of_a_result_is_an_error_of_the_pass() => Fails("result 0 was [1, 4] and is [4]", Floats, (graph, rewriter) =>
    {
        var shape = Attributes.Of(("shape", Shape.Of(4)));
        rewriter.SetOutputs([rewriter.Insert(null, NnShape.Reshape, [graph.Outputs[0]], shape).Result]);
    }, GraphContract.Results);

    [Fact]
    public void Another_input_is_an_error_of_the_pass() => Fails(
        "1 input became 2", Floats, (_, rewriter) => rewriter.AddInput("y", TensorType.Float(3)), GraphContract.Inputs);

    [Fact]
    public void Another_name_of_an_input_is_an_error_of_the_pass() => Fails(
        "input 0 was 'x' [1, 4] and is 'y' [1, 4]", Floats,
        (graph, rewriter) => rewriter.SetName(graph.Inputs[0], "y"), GraphContract.Inputs);

    [Fact]
    public void Another_scale_of_a_result_is_an_error_of_the_pass() => Fails("result 0 was @ 2 and is @ 4", Integers, (graph, rewriter) =>
        rewriter.SetType(graph.Outputs[0], graph.Outputs[0].Type with { Scale = Scale.PerTensor(4) }), GraphContract.Scales);

    [Fact]
    public void Another_precision_of_a_result_is_an_error_of_the_pass() => Fails("result 0 was i8 and is i4", Integers, (graph, rewriter) =>
    {
        var clip = rewriter.Insert(null, CvmUnary.CvmClip, [graph.Outputs[0]], Attributes.Of(("precision", 4))).Result;
        rewriter.SetType(clip, clip.Type with { Scale = Scale.PerTensor(2) });
        rewriter.SetOutputs([clip]);
    }, GraphContract.Precisions);

    /// <summary>The manager writes it down, so that no pass has to think of it.</summary>
    [Fact]
    public void A_result_keeps_its_name_whatever_value_a_pass_returns()
    {
        var graph = TextParser.ParseOne(Floats);
        Run(graph, (g, rewriter) => rewriter.SetOutputs([g.Operations[0].Result]), GraphContract.None);
        Assert.Equal(["b"], OutputSignature.Names(graph));
        Assert.Equal("a", graph.Outputs[0].Name);
    }

    [Fact]
    public void A_rule_that_declines_after_it_inserted_something_is_an_error_of_the_pass()
    {
        var graph = TextParser.ParseOne(Floats);
        var manager = new PassManager(new PassRegistry(() => new Undecided()));
        var error = Assert.Throws<PassFailedException>(() => manager.Run(graph, Pipeline.Parse("undecided")));
        Assert.Equal("pass 'undecided' failed: a rule on nn.abs, at %b: it changed the graph and then declined", error.Message);
    }

    /// <summary>Refused without a word in the record, with the reason; taken with it.</summary>
    private static void Fails(string reason, string text, Action<Graph, Rewriter> change, GraphContract record)
    {
        var error = Assert.Throws<PassFailedException>(() => Run(TextParser.ParseOne(text), change, GraphContract.None));
        Assert.Equal($"pass 'careless' failed: it changed what its record does not say that it changes:\n{reason}", error.Message);
        Run(TextParser.ParseOne(text), change, record);
    }

    private static void Run(Graph graph, Action<Graph, Rewriter> change, GraphContract record)
    {
        var info = new PassInfo("careless", "Changes what it should not", Level.Any, Level.Any) { Alters = record };
        var registry = new PassRegistry(() => new ScriptedPass(info, (g, context) => change(g, context.Rewriter)));
        new PassManager(registry).Run(graph, Pipeline.Parse("careless"));
    }

    private sealed class Undecided : RewritePass
    {
        public override PassInfo Info { get; } = new("undecided", "Inserts, and declines", Level.Float, Level.Float);

        protected override IEnumerable<Rule> Rules =>
        [
            Rule.On(NnUnary.Abs).Rewrite((o, context) =>
            {
                context.Rewriter.Insert(o, NnUnary.Relu, o.Operands);
                return null;
            }),
        ];
    }
}

using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Text;

public sealed class ParserTests
{
    [Fact]
    public void Constants_that_exceed_the_memory_limit_together_are_refused_before_they_are_made()
    {
        string text = "graph @g() {\n  @a: f32[1000000000] = random(1)\n  @b: f32[200] = 1\n  @c: f32[100] = 1\n  return\n}\n";
        Assert.Equal(["CML0106 2:25", "CML0106 4:18"], Found(text, new ParseOptions { MaxMemory = 1000 }));
    }

    [Fact]
    public void A_text_of_too_many_tokens_is_refused() =>
        Assert.Equal(["CML0106"], Found($"graph @g() attributes {{{string.Concat(Enumerable.Repeat("a=1,", 60_000))}a=1}} {{ return }}")
            .Select(f => f.Split(' ')[0]));

    [Fact]
    public void A_text_that_is_no_graph_is_given_up_after_twenty_errors() => Assert.Equal(20, Found(new string('?', 1000)).Length);

    [Fact]
    public void A_text_of_nothing_but_mistakes_is_given_up_after_a_hundred() =>
        Assert.Equal(100, Found($"graph @g() {{ {string.Concat(Enumerable.Repeat("%v = nn.relu(%x)\n", 1000))} return }}").Length);

    [Fact]
    public void A_file_may_hold_several_graphs_of_different_names()
    {
        Assert.Equal(["a", "b"], TextParser.Parse("graph @a() { return } graph @b() { return }").Select(g => g.Name));
        Assert.Equal(["CML0304 1:29"], Found("graph @a() { return } graph @a() { return }"));
    }

    [Fact]
    public void Operations_know_their_line_and_column()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[1]) {\n  %0 = nn.relu(%x)\n  return %0\n}", "net.cml");
        Assert.Equal(new SourceLocation("net.cml", 2, 3), graph.Operations[0].Location);
    }

    [Fact]
    public void Attribute_names_may_be_keywords()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[1, 2]) { %0 = nn.softmax(%x) {axis = 1} return %0 }");
        Assert.Equal(new AttributeValue.Int(1), graph.Operations[0].Attributes["axis"]);
        Assert.Same(NnSoftmax.Softmax, graph.Operations[0].Spec);
    }

    [Fact]
    public void Random_numbers_are_the_documented_ones()
    {
        // SplitMix64 from state 0 draws 0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F.
        Assert.Equal([0.07666216f, -0.0136944009f, -0.09471325f], RandomTensor.Floats(Shape.Of(3), 0).Data.Select(f => f));
        Assert.Equal([98, -17, -121], RandomTensor.Integers(Shape.Of(3), 8, 0).Data.Select(i => i));
    }

    [Fact]
    public void Random_weights_stay_within_the_root_of_three_over_fan_in()
    {
        var weights = RandomTensor.Floats(Shape.Of(50, 3, 10, 10), 7).Data;
        Assert.InRange(weights.Max(Math.Abs), 0.0995f, 0.1f);
        Assert.InRange(weights.Average(), -0.002, 0.002);
    }

    private static string[] Found(string text, ParseOptions? options = null)
    {
        var refused = Assert.Throws<DiagnosticException>(() => TextParser.Parse(text, options: options));
        return [.. refused.Diagnostics.Select(d => $"{d.Code} {d.Location!.Line}:{d.Location.Column}")];
    }
}

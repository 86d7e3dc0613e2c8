using CortexMl.Ir;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Ir;

public sealed class VerifierTests
{
    [Theory]
    [InlineData("graph @g(%x: f32[2]) { %0 = nn.relu(%x) return %0 }", "")]
    [InlineData("graph @g(%x: i8[2]) { %0 = nn.relu(%x) return %0 }", "CML0309")]
    [InlineData("graph @g(%x: i8[2] @ 3) { %0 = cvm.relu(%x) : i8[2] @ 3 %1 = cvm.relu(%0) return %1 }", "CML0309")]
    [InlineData("quant graph @g(%x: i8[2]) { return %x }", "CML0309")]
    [InlineData("quant graph @g(%x: i8[2] @ 3) { %0 = cvm.relu(%x) return %0 }", "CML0309")]
    public void Each_level_has_its_operators_elements_and_scales(string text, string codes)
    {
        var graph = TextParser.ParseOne(text, options: new ParseOptions { Verify = false });
        Assert.Equal(codes, string.Join(' ', Verifier.Check(graph).Items.Select(d => d.Code).Distinct()));
    }

    [Fact]
    public void A_use_before_the_definition_is_found()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[2]) { %0 = nn.relu(%x) %1 = nn.abs(%0) return %1 }");
        new Rewriter(graph).Reorder([graph.Operations[1], graph.Operations[0]]);
        Assert.Equal(["CML0310"], Verifier.Check(graph).Items.Select(d => d.Code));
    }

    [Fact]
    public void A_recorded_type_that_the_row_does_not_give_is_found()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[2]) { %0 = nn.relu(%x) return %0 }");
        new Rewriter(graph).SetType(graph.Outputs[0], TensorType.Float(3));
        Assert.Contains("recorded as f32[3], the operator gives f32[2]", Assert.Single(Verifier.Check(graph).Items).Message);
    }

    [Fact]
    public void An_integer_constant_must_fit_its_precision()
    {
        var build = new GraphBuilder("g", Level.Cvm);
        build.Output(build.Constant("c", Tensor.Vector(-7, -8), precision: 4));
        Assert.Contains("element -8 is outside ±7", Assert.Single(Verifier.Check(build.Build()).Items).Message);
    }
}

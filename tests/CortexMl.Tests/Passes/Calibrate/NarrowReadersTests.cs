using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>Which values are read with few bits alone.</summary>
public sealed class NarrowReadersTests
{
    [Theory]
    [InlineData("%y = nn.dense(%v, @w)", true)]
    [InlineData("%y = nn.softmax(%v)", true)]
    [InlineData("%y = nn.neg(%x)", false)]
    [InlineData("%z = nn.dense(%v, @w)\n  %y = nn.tanh(%v)", false)]
    [InlineData("%r = nn.relu(%v)\n  %y = nn.dense(%r, @w)", true)]
    [InlineData("%r = nn.relu(%v)\n  %y = nn.tanh(%r)", false)]
    [InlineData("%t = nn.tanh(%v)\n  %y = nn.dense(%t, @w)", false)]
    public void All_that_reads_it_has_few_bits(string body, bool expected)
    {
        var graph = TextParser.ParseOne(
            $"graph @g(%x: f32[1, 2]) {{\n  @w: f32[2, 2] = random(1)\n  %v = nn.neg(%x)\n  {body}\n  return %y\n}}");
        Assert.Equal(expected, new NarrowReaders(graph)[graph.Operations.Single(o => o.Result.Name == "v").Result]);
    }

    /// <summary>A row of a plugin may have several results, of which each has readers of its own.</summary>
    [Fact]
    public void What_has_several_results_hands_nothing_on()
    {
        var halves = new OpSpec("test.halves")
        {
            Doc = "x and x", Operands = [new("data", "any shape")], Shapes = op => [op.Shape(0), op.Shape(0)], Results = 2,
            Levels = Level.Float, Traits = OpTraits.Moves,
        };
        var build = new GraphBuilder("g", Level.Float);
        var value = build.Op(NnUnary.Neg, [build.Input("x", TensorType.Float(1, 2))]);
        build.Output(build.Operation(halves, [value]).Results[0]);
        Assert.False(new NarrowReaders(build.Build())[value]);
    }
}

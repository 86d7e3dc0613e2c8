using CortexMl.Ir;
using CortexMl.Passes.Quantize.Clamping;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>From where to where values go, and what of them is told apart.</summary>
public class ClampingBoundsTests
{
    /// <summary>Where a constant takes part, bounds follow from the operands; else the value's own threshold is nearer.</summary>
    [Theory]
    [InlineData("nn.neg(%a)", -4)]
    [InlineData("nn.mul(%a, @half)", -502)]
    [InlineData("nn.mul(%a, %y)", -7)]
    [InlineData("nn.mul(%x, @half)", -7)]
    [InlineData("nn.take(%a, @index) {axis = 1}", -7)]
    [InlineData("nn.tanh(%a)", -7)]
    [InlineData("nn.pad(%x) {after = [0, 0], before = [0, 0], value = -9}", -4)]
    [InlineData("nn.pad(%x) {after = [0, 0], before = [0, 0]}", -7)]
    public void Bounds_follow_from_constants(string function, double least)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 2] within 4, %y: f32[1, 2] within 4) {
              @mask: f32[2] = [0, -1000]
              @half: f32[] = 0.5
              @index: f32[2] = [1, 0]
              %a = nn.add(%x, @mask) : f32[1, 2] within 1004
              %m = {{function}} : f32[1, 2] within 7
              return %m
            }
            """);
        Assert.Equal(least, new RealBounds(1).Of(graph.Outputs[0]).Least);
    }

    [Theory]
    [InlineData(63, -1004)]
    [InlineData(64, -7)]
    public void A_constant_is_looked_for_only_so_far(int far, double least) =>
        Assert.Equal(least, new RealBounds(1).Of(Chain(far)[^1]).Least);

    [Theory]
    [InlineData(63, true)]
    [InlineData(64, false)]
    public void A_consumer_is_looked_for_only_so_far(int far, bool expected) =>
        Assert.Equal(expected, new UsefulRanges(new RealBounds(2)).Of(Chain(far)[0]) != UsefulRange.Everything);

    /// <summary>Of a result that is always zero nothing is missing in proportion.</summary>
    [Fact]
    public void A_function_that_was_never_seen_above_zero_is_flat_where_it_would_be() => Assert.InRange(
        FlatEnds.Of(TextParser.ParseOne(
            "graph @g(%x: f32[1] within 4) {\n  %y = nn.sigmoid(%x) : f32[1] within 0\n  return %y\n}").Operations[0], 1e-3)!.Value.High,
        6, 8);

    /// <summary>A mask, so many operations that hand it on, and a relu.</summary>
    private static Value[] Chain(int far)
    {
        var links = Enumerable.Range(0, far).Select(i => $"%{i + 1} = nn.identity(%{i}) : f32[1, 2] within 7");
        var graph = TextParser.ParseOne($$"""
            graph @g(%x: f32[1, 2] within 4) {
              @mask: f32[2] = [0, -1000]
              %0 = nn.add(%x, @mask) : f32[1, 2] within 7
              {{string.Join('\n', links)}}
              %r = nn.relu(%{{far}}) : f32[1, 2] within 7
              return %r
            }
            """);
        return [.. graph.Operations.Where(o => o.Constant is null && o.Result.Name != "r").Select(o => o.Result)];
    }
}

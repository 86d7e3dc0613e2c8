using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Several values that are made of the same channels, of which layers read each as far as it was seen to reach.</summary>
public sealed class SharedChannelTests
{
    private const string Layer = "{groups = 2, kernel = [1, 1]} : f32[1, 2, 1, 1] within";

    [Fact]
    public void A_clip_does_not_limit_what_stands_beside_it()
    {
        double[][] found = Run($"""
            %1 = nn.clip(%0) {"{max = 6, min = 0}"} : f32[1, 2, 1, 1] within 6 axis 1: @t
            %2 = nn.relu(%0) : f32[1, 2, 1, 1] within 8 axis 1: @u
            %3 = nn.conv2d(%1, @w) {Layer} 6
            %4 = nn.conv2d(%2, @w) {Layer} 8
            return %3, %4
            """, 8, 0.25);
        Assert.Equal(6, found[0][0], 0.05);
        Assert.Equal(8, found[1][0], 0.05);
        Assert.Equal(0.25, found[1][1], 0.01);
    }

    [Fact]
    public void Nor_what_it_is_made_of()
    {
        double[][] found = Run($"""
            %1 = nn.clip(%0) {"{max = 6, min = 0}"} : f32[1, 2, 1, 1] within 6 axis 1: @t
            %2 = nn.conv2d(%1, @w) {Layer} 6
            %3 = nn.conv2d(%0, @w) {Layer} 8
            return %2, %3
            """, 8, -8);
        Assert.Equal(6, found[0][0], 0.05);
        Assert.Equal(0, found[0][1], 0.05);
        Assert.Equal(8, found[1][0], 0.07);
        Assert.Equal(-8, found[1][1], 0.07);
    }

    // Positive and negative part in one tensor; calibration saw little of the negative one.
    [Theory]
    [InlineData(8, 8, 0)]
    [InlineData(-1, 0, 1)]
    public void A_part_that_reaches_less_far_does_not_limit_the_other(double number, double positive, double negative)
    {
        double[] found = Run("""
            %1 = nn.relu(%0) : f32[1, 2, 1, 1] within 8
            %2 = nn.neg(%0) : f32[1, 2, 1, 1] within 8
            %3 = nn.relu(%2) : f32[1, 2, 1, 1] within 1
            %4 = nn.concat(%1, %3) {axis = 1} : f32[1, 4, 1, 1] within 8
            %5 = nn.conv2d(%4, @v) {groups = 4, kernel = [1, 1]} : f32[1, 4, 1, 1] within 8
            return %5
            """, number, number)[0];
        foreach (var (expected, actual) in new[] { positive, positive, negative, negative }.Zip(found))
            Assert.Equal(expected, actual, 0.07);
    }

    [Fact]
    public void Rows_reach_as_far_as_the_furthest_of_them()
    {
        double[] found = Run("""
            %1 = nn.relu(%0) : f32[1, 2, 1, 1] within 8
            %2 = nn.conv2d(%data, @q) {groups = 2, kernel = [1, 1]} : f32[1, 2, 1, 1] within 0.25
            %3 = nn.relu(%2) : f32[1, 2, 1, 1] within 0.25
            %4 = nn.concat(%1, %3) {axis = 2} : f32[1, 2, 2, 1] within 8
            %5 = nn.conv2d(%4, @w) {groups = 2, kernel = [1, 1]} : f32[1, 2, 2, 1] within 8
            return %5
            """, 8, 4)[0];
        foreach (var (expected, actual) in new[] { 8, 2, 4, 1.0 }.Zip(found)) Assert.Equal(expected, actual, 0.07);
    }

    // Of single channels nothing was noted: those of the second part reach twice as far as it was seen to, 0.5, and not 8.
    [Fact]
    public void Channels_of_a_part_are_as_fine_as_it_allows()
    {
        double[] found = Run("""
            %1 = nn.relu(%0) : f32[1, 2, 1, 1] within 8
            %2 = nn.conv2d(%data, @q) {groups = 2, kernel = [1, 1]} : f32[1, 2, 1, 1] within 0.25
            %3 = nn.relu(%2) : f32[1, 2, 1, 1] within 0.25
            %4 = nn.concat(%1, %3) {axis = 1} : f32[1, 4, 1, 1] within 8
            %5 = nn.conv2d(%4, @v) {groups = 4, kernel = [1, 1]} : f32[1, 4, 1, 1] within 8
            return %5
            """, 8, 0.125)[0];
        Assert.Equal(8, found[0], 0.07);
        Assert.Equal(0.5, found[2], 0.01);
        Assert.Equal(0.03125, found[3], 0.004);
    }

    /// <summary>The outputs for an input of a number, a multiple of 1/8, in each of two channels.</summary>
    private static double[][] Run(string body, double first, double second)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%data: f32[1, 2, 1, 1] within 15.875) {
              @a: f32[2, 1, 1, 1] = 1
              @w: f32[2, 1, 1, 1] = 1
              @q: f32[2, 1, 1, 1] = 0.25
              @v: f32[4, 1, 1, 1] = 1
              @t: f64[2] = [4, 0.25]
              @u: f64[2] = [8, 0.25]
              %0 = nn.conv2d(%data, @a) {groups = 2, kernel = [1, 1]} : f32[1, 2, 1, 1] within 8
              {{body}}
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        return IntegerRun.Of(graph, [Tensor.Create(graph.Inputs[0].Type.Shape, [first, second])]);
    }
}

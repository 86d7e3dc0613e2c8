using CortexMl.Passes;
using CortexMl.Tensors;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Behind a clip, data of 15 bits ends at the clip's limit, which calibration need not have seen.</summary>
public sealed class WideClipTests
{
    private const string Wide = "{bits = [15, 8], groups = 2, kernel = [1, 1]}", Narrow = "{groups = 2, kernel = [1, 1]}";

    [Theory]
    [InlineData("0", 15.875, 6)]
    [InlineData("0", 7, 6)]
    [InlineData("0", 5, 5)]
    [InlineData("0", -9, 0)]
    [InlineData("-6", 15.875, 6)]
    [InlineData("-6", -15.875, -6)]
    public void Numbers_beyond_the_limit_come_out_as_the_limit(string min, double number, double expected)
    {
        const string Layer = $"%y = nn.conv2d(%c, @w) {Wide} : f32[1, 2, 1, 1] within 4\n  return %y";
        foreach (double found in Run(Layer, min, number)[0]) Assert.Equal(expected, found, 0.02);
    }

    // What the narrow layer reads has 8 bits for what was seen of each channel, 4 and 0.25.
    [Theory]
    [InlineData(15.875, 6)]
    [InlineData(5, 5)]
    [InlineData(0.125, 0.125)]
    public void Beside_a_narrow_layer_too(double number, double expected)
    {
        const string Layers = $"""
            %y = nn.conv2d(%c, @w) {Wide} : f32[1, 2, 1, 1] within 4
            %z = nn.conv2d(%c, @w) {Narrow} : f32[1, 2, 1, 1] within 4
            return %y, %z
            """;
        double[][] found = Run(Layers, "0", number);
        foreach (double wide in found[0]) Assert.Equal(expected, wide, 0.02);
        Assert.Equal(Math.Min(expected, 4), found[1][0], 0.04);
        Assert.Equal(Math.Min(expected, 0.25), found[1][1], 0.04);
    }

    // 15 bits at 32 times the scale of 8 hold a little more than four times as much: 6.027 of 1.495, and 1.008 of 0.25.
    [Fact]
    public void Bits_that_reach_just_beyond_the_limit_end_at_it()
    {
        const string Layer = $"""
            @n: f64[2] = [1.495, 0.25]
            %s = nn.clip(%x) {"{max = 6, min = 0}"} : f32[1, 2, 1, 1] within 1.495 axis 1: @n
            %y = nn.conv2d(%s, @w) {Wide} : f32[1, 2, 1, 1] within 4
            return %y
            """;
        double[] found = Run(Layer, "0", 12)[0];
        Assert.Equal(6, found[0], 0.01);
        Assert.Equal(1.008, found[1], 0.01);
    }

    // Four times what was seen is 16 in the clip's first channel, 1 in its second, 32 in those of the relu.
    [Fact]
    public void Beside_channels_that_reach_further()
    {
        const string Layer = """
            @v: f32[4, 1, 1, 1] = 1
            @u: f64[4] = [4, 0.25, 8, 8]
            %z = nn.conv2d(%data, @a) {groups = 2, kernel = [1, 1]} : f32[1, 2, 1, 1] within 8
            %r = nn.relu(%z) : f32[1, 2, 1, 1] within 8
            %j = nn.concat(%c, %r) {axis = 1} : f32[1, 4, 1, 1] within 8 axis 1: @u
            %y = nn.conv2d(%j, @v) {bits = [15, 8], groups = 4, kernel = [1, 1]} : f32[1, 4, 1, 1] within 8
            return %y
            """;
        double[] found = Run(Layer, "0", 12)[0];
        foreach (var (number, expected) in found.Zip([6, 1, 12, 12])) Assert.Equal(expected, number, 0.1);
    }

    /// <summary>
    /// The outputs for an input of one number, a multiple of 1/8, in two channels, of which calibration saw 4 and 0.25 behind the clip.
    /// </summary>
    private static double[][] Run(string layers, string min, double number)
    {
        var graph = TextParser.ParseOne($$"""
            graph @g(%data: f32[1, 2, 1, 1] within 15.875) {
              @a: f32[2, 1, 1, 1] = 1
              @w: f32[2, 1, 1, 1] = 1
              @t: f64[2] = [4, 0.25]
              %x = nn.conv2d(%data, @a) {groups = 2, kernel = [1, 1]} : f32[1, 2, 1, 1] within 8
              %c = nn.clip(%x) {max = 6, min = {{min}}} : f32[1, 2, 1, 1] within 4 axis 1: @t
              {{layers}}
            }
            """);
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("quantize,round-shift,lower-cvm,plan-storage,bound-check"));
        return IntegerRun.Of(graph, [Tensor.Create(graph.Inputs[0].Type.Shape, [number, number])]);
    }
}

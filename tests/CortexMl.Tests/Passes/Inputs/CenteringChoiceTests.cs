using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Inputs;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Passes.Inputs;

/// <summary>Middles of ranges, and what is gained by them.</summary>
public sealed class CenteringChoiceTests
{
    [Theory]
    [InlineData(0, 1, 1, 0.5)]
    [InlineData(-2, 0, 2, 1)]
    [InlineData(0, 1, 1.5, 0.75)]
    [InlineData(0, 1, 1.005, 0.5)]
    public void A_range_has_as_much_room_as_its_threshold_but_for_rounding(float low, float high, double threshold, double reach) =>
        Assert.Equal(reach, CenteringChoice.Middle(Seen(low, high), threshold)!.Reach);

    [Fact]
    public void What_is_always_zero_has_no_middle() => Assert.Null(CenteringChoice.Middle(Seen(0, 0), 1));

    /// <summary>Although the weights, which are very uneven, would gain by it.</summary>
    [Fact]
    public void Steps_that_get_hardly_finer_are_no_gain()
    {
        var seen = Seen(-0.8f, 1, 0.1f, 0.01f);
        Assert.False(new CenteringGain(1, seen, 20).Pays(CenteringChoice.Middle(seen, 1)!));
    }

    // 127 / (threshold · 100) integers from pixel to pixel, and zero is integer 127 - mean.
    [Theory]
    [InlineData(1.27, 100, 100, false)]
    [InlineData(1.27, 100.5, 100, true)]
    [InlineData(1.27 / 1.5, 100, 100, true)]
    [InlineData(1.27, 100, 1e6, true)]
    public void Pixels_that_are_integers_already_are_no_gain(double threshold, double mean, double deviation, bool expected)
    {
        var pixels = CenteringChoice.OfPixels(null, 1, [mean], [deviation]);
        Assert.Equal(expected, new CenteringGain(threshold, Seen(0, 1, (float)pixels.Offset, 0.1f), 1).Pays(pixels));
    }

    [Fact]
    public void Weights_that_are_all_zero_are_even()
    {
        var graph = TextParser.ParseOne("graph @g(%x: f32[1, 2]) {\n  @w: f32[1, 2] = 0\n  %y = nn.dense(%x, @w)\n  return %y\n}");
        Assert.Equal(1, Readers.Of(graph, graph.Inputs[0])!.PeakPower());
    }

    private static ValueSummary Seen(float low, float high, float mean = 0, float deviation = 1) => new(low, high, mean, deviation, 100);
}

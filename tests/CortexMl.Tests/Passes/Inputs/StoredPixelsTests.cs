using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Inputs;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Passes.Inputs;

/// <summary>What counts as pixels of 8 bits.</summary>
public sealed class StoredPixelsTests
{
    private const string Unit = """{"scale": 0.00392156862745098}""", Bytes = """[{"input": "x", "type": "u8"}]""";

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(-0.0039f, 1.0039f, true)]
    [InlineData(-0.004f, 1, false)]
    [InlineData(0, 1.004f, false)]
    public void Nothing_is_more_than_a_pixel_below_black_or_above_white(float least, float greatest, bool expected) =>
        Assert.Equal(expected, Of([1, 3, 5, 4], Unit, least, greatest) is not null);

    [Theory]
    [InlineData(new[] { 1, 3, 5, 4 }, 1)]
    [InlineData(new[] { 1, 5, 4, 3 }, 3)]
    [InlineData(new[] { 1, 3, 5, 3 }, null)]
    [InlineData(new[] { 1, 4, 5, 6 }, null)]
    [InlineData(new[] { 1, 60 }, null)]
    public void Means_of_channels_need_an_axis_of_theirs(int[] shape, int? axis)
    {
        var choice = Of(shape, """{"mean": [1, 2, 3]}""", 0, 200);
        Assert.Equal(axis, choice?.Centering.Axis);
        Assert.Equal(axis is null, choice is null);
    }

    [Theory]
    [InlineData("""{"scale": 0}""", 0, 0)]
    [InlineData("""{"scale": -1, "mean": [0, -1000]}""", 10, 100)]
    [InlineData("""{"mean": [128], "std": [0]}""", 0, 1)]
    [InlineData("""{"mean": [0, -1000], "std": [-1, -1]}""", -900, -300)]
    public void Scale_and_deviations_are_above_zero(string preparation, float least, float greatest) =>
        Assert.Null(Of([1, 2, 5, 4], preparation, least, greatest));

    [Theory]
    [InlineData(Bytes, true)]
    [InlineData("""[{"input": "y", "type": "u8"}, {"input": "x", "type": "f32"}]""", false)]
    [InlineData("""[{"input": "x"}]""", false)]
    [InlineData("""[{"input": "x", "type": 8}]""", false)]
    [InlineData("[8]", false)]
    [InlineData("""{"input": "x", "type": "u8"}""", false)]
    public void What_was_observed_says_so_of_this_input(string observed, bool expected) =>
        Assert.Equal(expected, Of([1, 3, 5, 4], Unit, 0, 1, observed) is not null);

    private static CenteringChoice? Of(int[] shape, string preparation, float least, float greatest, string observed = Bytes) =>
        StoredPixels.Of(
            new CalibrationFile("m", "d", "absmax", []) { Preparation = preparation, CalibratedOn = observed }, "x", Shape.Of(shape),
            new ValueSummary(least, greatest, 0, 1, 60));
}

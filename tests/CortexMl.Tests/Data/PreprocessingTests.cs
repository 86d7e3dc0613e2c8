using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Data;

public sealed class PreprocessingTests
{
    private static float[] Apply(Preprocessing options, Shape input, Shape sample, params byte[] values) =>
        new Preprocessor(options, input, "data").Apply(Tensor.Create(sample, values), "sample 0").Data;

    [Fact]
    public void Numbers_are_scaled_then_shifted_then_divided_in_float32() => Assert.Equal(
        [(255 * (float)(1.0 / 255) - 0.5f) / 0.25f, (51 * (float)(1.0 / 255) - 0.1f) / 0.3f],
        Apply(new Preprocessing { Scale = 1.0 / 255, Mean = [0.5, 0.1], Std = [0.25, 0.3] }, Shape.Of(1, 2, 1, 1), Shape.Of(2, 1, 1),
            255, 51));

    [Fact]
    public void Invert_comes_before_scale() =>
        Assert.Equal(
            [(255 - 55) * 0.5f], Apply(new Preprocessing { Invert = true, Scale = 0.5 }, Shape.Of(1, 1, 1, 1), Shape.Of(1, 1), 55));

    [Fact]
    public void Shrinking_to_half_takes_the_mean_of_neighbours() => Assert.Equal(
        [(0 + 10 + 40 + 50) / 4f, (20 + 30 + 60 + 70) / 4f],
        Apply(new Preprocessing { Resize = 1 }, Shape.Of(1, 1, 1, 2), Shape.Of(2, 4), 0, 10, 20, 30, 40, 50, 60, 70));

    /// <summary>The mean of 0, 1, 1, 1 is a pixel again; of numbers that are no pixels it stays what it is.</summary>
    [Fact]
    public void Resized_pixels_are_pixels()
    {
        var (options, shape) = (new Preprocessing { Resize = 1 }, Shape.Of(1, 1, 1, 1));
        Assert.Equal([1], Apply(options, shape, Shape.Of(2, 2), 0, 1, 1, 1));
        Assert.Equal([0], Apply(options, shape, Shape.Of(2, 2), 0, 0, 0, 1));
        var floats = Tensor.Create(Shape.Of(2, 2), new float[] { 0, 1, 1, 1 });
        Assert.Equal([0.75f], new Preprocessor(options, shape, "data").Apply(floats, "sample 0").Data);
    }

    [Fact]
    public void Crop_is_taken_from_the_centre() => Assert.Equal(
        [4], Apply(new Preprocessing { Crop = 1 }, Shape.Of(1, 1, 1, 1), Shape.Of(3, 3), 0, 1, 2, 3, 4, 5, 6, 7, 8));

    [Fact]
    public void Arrays_with_channels_behind_are_turned_for_the_network() => Assert.Equal(
        [1, 3, 5, 2, 4, 6],
        Apply(new Preprocessing { Layout = DataLayout.Nhwc }, Shape.Of(1, 2, 1, 3), Shape.Of(1, 3, 2), 1, 2, 3, 4, 5, 6));

    [Fact]
    public void An_image_feeds_a_network_that_takes_a_vector() =>
        Assert.Equal([1, 2, 3, 4], Apply(Preprocessing.None, Shape.Of(1, 4, 1), Shape.Of(2, 2), 1, 2, 3, 4));

    [Theory]
    [InlineData("""{"resize":256,"crop":224,"channels":"bgr","invert":true,"layout":"nhwc","scale":0.00392156862745098,"mean":[0.4914,0.4822,0.4465],"std":[0.2023,0.1994,0.201]}""")]
    [InlineData("{}")]
    public void Json_form_survives_a_round_trip(string json)
    {
        var read = Preprocessing.FromJson(json);
        Assert.Equal(json, read.ToJson());
        Assert.Equal(read, Preprocessing.FromJson(read.ToJson()));
    }

    [Fact]
    public void The_command_line_form_is_shown_in_descriptions() => Assert.Equal(
        "--resize 256 --crop 224 --channels gray --scale 1/255 --mean 0.1307 --std 0.3081",
        new Preprocessing
        {
            Resize = 256, Crop = 224, Channels = ChannelOrder.Gray, Scale = 1.0 / 255, Mean = [0.1307], Std = [0.3081],
        }.ToString());

    [Fact]
    public void All_contradictions_are_listed_at_once()
    {
        var error = Assert.Throws<DiagnosticException>(() =>
            Preprocessing.Checked(new() { Resize = 10, Crop = 20, Scale = 0, Mean = [1, 2], Std = [1, 2, 0] }));
        Assert.Equal(4, error.Diagnostics.Count);
        Assert.StartsWith("error CML0807: --crop 20 does not fit into --resize 10", error.Message);
    }

    [Theory]
    [InlineData("1/255", 1.0 / 255)]
    [InlineData("-0.5", -0.5)]
    public void Scalars_are_decimal_or_fractions(string text, double value) => Assert.Equal(value, ScalarText.Parse(text));

    [Theory]
    [InlineData("1/2/3")]
    [InlineData("x")]
    [InlineData("")]
    public void Other_text_is_no_number(string text) => Assert.Throws<DiagnosticException>(() => ScalarText.Parse(text));

    [Theory]
    [InlineData(1 / 255.0, "1/255")]
    [InlineData(2 / 255.0, "2/255")]
    [InlineData(0.4, "0.4")]
    [InlineData(0.25, "1/4")]
    [InlineData(0.017124753831663668, "0.017124753831663668")]
    [InlineData(255, "255")]
    public void Scalars_are_written_as_people_do(double value, string text)
    {
        Assert.Equal(text, ScalarText.Format(value));
        Assert.Equal(value, ScalarText.Parse(text));
    }
}

using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Data;

/// <summary>What the command line says goes over what is stored with a model, option by option.</summary>
public sealed class PreparationTests : IDisposable
{
    private static readonly Preprocessing Stored = new()
    {
        Resize = 32, Channels = ChannelOrder.Rgb, Invert = true, Layout = DataLayout.Nhwc, Scale = 1 / 255.0,
        Mean = [0.5, 0.25], Std = [0.5],
    };

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    public static TheoryData<string, Preprocessing> EachOption => new()
    {
        { "--resize 64 --channels rgb --invert --layout nhwc --scale 1/255 --mean 0.5,0.25 --std 0.5", new() { Resize = 64 } },
        { "--resize 32 --crop 28 --channels rgb --invert --layout nhwc --scale 1/255 --mean 0.5,0.25 --std 0.5", new() { Crop = 28 } },
        { "--resize 32 --channels gray --invert --layout nhwc --scale 1/255 --mean 0.5,0.25 --std 0.5",
            new() { Channels = ChannelOrder.Gray } },
        { "--resize 32 --channels rgb --invert false --layout nhwc --scale 1/255 --mean 0.5,0.25 --std 0.5", new() { Invert = false } },
        { "--resize 32 --channels rgb --invert --layout nchw --scale 1/255 --mean 0.5,0.25 --std 0.5", new() { Layout = DataLayout.Nchw } },
        { "--resize 32 --channels rgb --invert --layout nhwc --scale 1 --mean 0.5,0.25 --std 0.5", new() { Scale = 1 } },
        { "--resize 32 --channels rgb --invert --layout nhwc --scale 1/255 --mean 0 --std 0.5", new() { Mean = [0] } },
        { "--resize 32 --channels rgb --invert --layout nhwc --scale 1/255 --mean 0.5,0.25 --std 1,2", new() { Std = [1, 2] } },
        { "--resize 32 --channels rgb --invert --layout nhwc --scale 1/255 --mean 0.5,0.25 --std 0.5", Preprocessing.None },
    };

    [Theory]
    [MemberData(nameof(EachOption))]
    public void One_option_replaces_one_option(string inForce, Preprocessing said) =>
        Assert.Equal(inForce, new Preparation(Stored, said).InForce.ToString());

    [Fact]
    public void Nothing_stored_is_left_where_it_is_dropped_on_purpose() =>
        Assert.Equal("--crop 9", new Preparation(Stored, new() { Crop = 9 }, DropsStored: true).InForce.ToString());

    public static TheoryData<string?, Preparation> Explanations => new()
    {
        { null, new(null, Preprocessing.None) },
        { "nothing, as in calibration", new(Preprocessing.None, Preprocessing.None) },
        { "--scale 1/2, stored with the model", new(new() { Scale = 0.5 }, Preprocessing.None) },
        { "--scale 2, from the command line", new(null, new() { Scale = 2 }) },
        { "--scale 2: --scale 2 from the command line in place of --scale 1/2", new(new() { Scale = 0.5 }, new() { Scale = 2 }) },
        {
            "--crop 9 --scale 1/2 --std 4: --crop 9 --std 4 from the command line in place of --std 2, the rest stored with the model",
            new(new() { Scale = 0.5, Std = [2] }, new() { Crop = 9, Std = [4] })
        },
        { "nothing; --scale 1/2, stored with the model, is left out", new(new() { Scale = 0.5 }, Preprocessing.None, DropsStored: true) },
        {
            "--scale 2, from the command line; --scale 1/2 --mean 1, stored with the model, is left out",
            new(new() { Scale = 0.5, Mean = [1] }, new() { Scale = 2 }, DropsStored: true)
        },
    };

    [Theory]
    [MemberData(nameof(Explanations))]
    public void It_is_said_what_is_in_force_and_who_said_so(string? expected, Preparation preparation) =>
        Assert.Equal(expected, preparation.Explanation());

    [Fact]
    public void An_option_that_contradicts_a_stored_one_names_it() => Assert.Equal(
        "error CML0807: --crop 28 does not fit into --resize 16\n" +
        "  help: with the model is stored --resize 16; --no-stored-prep leaves that out",
        Assert.Throws<DiagnosticException>(() => new Preparation(new() { Resize = 16 }, new() { Crop = 28 }).InForce).Message);

    [Fact]
    public void What_was_said_to_do_nothing_is_not_stored() =>
        Assert.Equal("{}", new Preprocessing { Invert = false, Layout = DataLayout.Nchw }.ToJson());

    [Fact]
    public void An_image_has_its_channels_in_front_whatever_arrays_have()
    {
        string image = _folder.Write("x.ppm", [.. "P6 2 1 255 "u8, 10, 20, 30, 40, 50, 60]);
        float[] planes = [10, 40, 20, 50, 30, 60];
        Assert.Equal(planes, Given.Samples(image, Shape.Of(1, 3, 1, 2), new() { Layout = DataLayout.Nhwc }).Single().Inputs[0].Data);
    }

    [Theory]
    [InlineData("nchw", DataLayout.Nhwc, 3, 8, 8)]
    [InlineData("nhwc", DataLayout.Nchw, 8, 8, 3)]
    public void Channels_on_another_axis_than_said(string right, DataLayout said, params int[] sample)
    {
        string path = _folder.Write("x.npy", Given.Npy(Tensor.Zeros<byte>(Shape.Of([2, .. sample]))));
        string hint = $"\n  help: say where the channels are: --layout {right}";
        Assert.Equal($"error CML0807: --mean and --std have 3 values, but sample 0 of x.npy has 8 channels{hint}",
            Given.Error(path, Shape.Of(1, 3, 8, 8), new() { Layout = said, Mean = [0, 0, 0] }));
        Assert.Equal($"error CML0807: --channels needs 1 or 3 channels, but sample 0 of x.npy has 8{hint}",
            Given.Error(path, Shape.Of(1, 3, 8, 8), new() { Layout = said, Channels = ChannelOrder.Bgr }));
    }
}

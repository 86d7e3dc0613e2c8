using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Networks and data with nothing in them still compile, pass the check, and give the numbers that they mean.</summary>
public sealed class OddNetworkTests
{
    /// <summary>Of the largest result: 9 taps of 8 bits that are exact here, weights of 7 bits, an output of 16.</summary>
    private const double Tolerance = 0.002;

    private static string Network(string weight, string bias) => $$"""
        graph @odd(%data: f32[1, 1, 4, 4]) -> f32[1, 2, 2, 2] {
          @w: f32[2, 1, 3, 3] = [{{weight}}]
          @b: f32[2] = [{{bias}}]
          %conv = nn.conv2d(%data, @w, @b) {kernel = [3, 3]} : f32[1, 2, 2, 2]
          %relu = nn.relu(%conv) : f32[1, 2, 2, 2]
          return %relu
        }

        """;

    /// <summary>Images whose largest pixel is 127: the 8 bits of the input hold every pixel exactly.</summary>
    private static byte[] Pixels { get; } = [.. Enumerable.Range(0, 6 * 16).Select(i => (byte)(i == 40 ? 127 : i * 37 % 127))];

    private static string Data(TinyModel model) => model.WriteNpy("pixels.npy", Tensor.Create(Shape.Of(6, 4, 4), Pixels));

    /// <summary>Sum of the window of an image at a place of the 2 x 2 results.</summary>
    private static int Window(int image, int place) =>
        Enumerable.Range(0, 9).Sum(tap => Pixels[(image * 16) + ((place / 2) + (tap / 3)) * 4 + (place % 2) + (tap % 3)]);

    /// <returns>What the compiled network gives for all samples, in real units.</returns>
    private static double[] Results(TinyModel model, string data)
    {
        var run = CliRun.Of("compile", model.Model, "-o", model.Out, "--data", data);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(0, CliRun.Of("check", model.Out, "--strict").Exit);
        double scale = ModelIo.Read(Path.Combine(model.Out, ModelIo.FileName)).Outputs[0].Scale;
        return [.. Run(model, model.Out, data).Select(v => v / scale)];
    }

    private static double[] Run(TinyModel model, string what, string data)
    {
        Assert.Equal(0, CliRun.Of("run", what, "--data", data, "-o", model.Folder["y.npy"]).Exit);
        var tensor = NpyReader.Read(File.ReadAllBytes(model.Folder["y.npy"]), "y.npy");
        return [.. Enumerable.Range(0, tensor.Length).Select(tensor.GetDouble)];
    }

    private static void AssertNear(double[] expected, double[] found)
    {
        Assert.Equal(expected.Length, found.Length);
        double tolerance = Tolerance * expected.Max(Math.Abs);
        foreach (var (want, have) in expected.Zip(found)) Assert.InRange(have, want - tolerance, want + tolerance);
    }

    [Fact]
    public void A_dead_channel_is_zero_beside_the_sums_of_the_live_one()
    {
        using var model = new TinyModel(Network("1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0", "0.5, 0"));
        double[] found = Results(model, Data(model));
        AssertNear([.. Enumerable.Range(0, 6 * 8).Select(i => i % 8 < 4 ? Window(i / 8, i % 4) + 0.5 : 0)], found);
        Assert.All(Enumerable.Range(0, found.Length).Where(i => i % 8 >= 4), i => Assert.Equal(0, found[i]));
    }

    [Fact]
    public void A_dead_channel_gives_its_bias_to_every_pixel()
    {
        using var model = new TinyModel(Network("1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0", "-500, 300"));
        double[] expected = [.. Enumerable.Range(0, 6 * 8).Select(i => i % 8 < 4 ? Math.Max(0, Window(i / 8, i % 4) - 500) : 300.0)];
        AssertNear(expected, Results(model, Data(model)));
    }

    [Fact]
    public void Weights_all_zero_give_zeros()
    {
        using var model = new TinyModel(Network("0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0", "0, 0"));
        Assert.Equal(new double[6 * 8], Results(model, Data(model)));
    }

    [Fact]
    public void Weights_all_zero_give_the_biases_that_are_positive()
    {
        using var model = new TinyModel(Network("0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0", "0.5, -0.25"));
        AssertNear([.. Enumerable.Range(0, 6 * 8).Select(i => i % 8 < 4 ? 0.5 : 0)], Results(model, Data(model)));
    }

    [Fact]
    public void An_input_that_is_always_zero_gives_what_the_float_network_gives()
    {
        using var model = new TinyModel();
        string zeros = model.WriteNpy("zero.npy", Tensor.Zeros<byte>(Shape.Of(2, 4, 4)));
        double[] expected = Run(model, model.Model, zeros), found = Results(model, zeros);
        Assert.Equal(2 * 3, expected.Length);
        Assert.True(expected.Max(Math.Abs) > 0.05);
        double tolerance = 0.01 * expected.Max(Math.Abs);
        foreach (var (want, have) in expected.Zip(found)) Assert.InRange(have, want - tolerance, want + tolerance);
    }
}

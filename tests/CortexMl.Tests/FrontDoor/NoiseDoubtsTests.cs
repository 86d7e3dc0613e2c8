using CortexMl.Evaluating;
using CortexMl.Reports;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.FrontDoor;

/// <summary>A compiled model that is far from its float network says so, once, with the value and the figures.</summary>
public sealed class NoiseDoubtsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void An_output_below_15_dB_is_told_with_the_noisiest_value_in_front() =>
        Assert.Equal(
            ["output 'prob', 7.4 dB (cosine 0.92), is mostly noise; the noisiest value in front of it: 'conv3', 6.1 dB (cosine 0.90)"],
            Messages(new NodeNoise("conv3", 6.1, 0.9, 3), new NodeNoise("prob", 7.4, 0.92, 1) { Output = "prob" }));

    [Fact]
    public void An_output_of_15_dB_and_one_without_noise_are_no_doubt() =>
        Assert.Empty(Messages(
            new NodeNoise("conv3", 6.1, 0.9, 3), new NodeNoise("a", 15, 0.98, 1) { Output = "a" },
            new NodeNoise("b", null, 1, 0) { Output = "b" }));

    [Theory]
    [InlineData(0.9, 0.889, 300, "the integers name the right class of 88.9 % of 300 samples, the float network of 90.0 %")]
    [InlineData(0.9, 0.891, 1000, null)]
    [InlineData(0.9, 0.88, 100, null)]
    [InlineData(0.8, 0.9, 1000, null)]
    public void A_drop_of_more_than_a_point_and_three_samples_is_told(double real, double whole, int count, string? message)
    {
        ModelResult Result(double top1) => new("m", "float", "cpu", top1, null);
        var told = NoiseDoubts.Of(new Evaluation(count, [Result(real), Result(whole)], 1)).Select(d => d.Message);
        Assert.Equal(message is null ? [] : [message], told);
    }

    [Fact]
    public void A_column_that_drowns_beside_another_is_told_and_is_an_error_where_warnings_are()
    {
        string model = _folder["columns.cml"], data = _folder["data.npy"];
        File.WriteAllText(model, """
            graph @columns(%data: f32[1, 2]) {
              @w: f32[1, 2] = [0, 1]
              %y = nn.dense(%data, @w)
              return %y
            }
            """);
        NpyWriter.Write(data, Tensor.Create(Shape.Of(3, 1, 2), [1e6f, 0.5f, -3e5f, 1f, 7e5f, -2f]));
        var run = CliRun.Of("compile", model, "-o", _folder["out"], "--data", data);
        Assert.Equal(0, run.Exit);
        Assert.Contains("warning CML0955: output 'y' is zero on every sample, where the float network's reaches 2", run.Error,
            StringComparison.Ordinal);
        var strict = CliRun.Of("compile", model, "-o", _folder["strict"], "--data", data, "--strict");
        Assert.Equal(2, strict.Exit);
        Assert.Contains("error CML0955: output 'y' is zero on every sample", strict.Error, StringComparison.Ordinal);
        Assert.Equal(2, strict.Error.Split("output 'y' is zero on every sample").Length);
        Assert.False(File.Exists(_folder["strict/symbol"]));
    }

    private static IEnumerable<string> Messages(params NodeNoise[] noise) => NoiseDoubts.Of(noise).Select(d => d.Message);
}

using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.CommandLines;

/// <summary>Networks and data with nothing in them still compile, run, and pass the check.</summary>
public sealed class OddNetworkTests
{
    private static string Network(string weight, string bias) => $$"""
        graph @odd(%data: f32[1, 1, 4, 4]) -> f32[1, 2, 2, 2] {
          @w: f32[2, 1, 3, 3] = [{{weight}}]
          @b: f32[2] = [{{bias}}]
          %conv = nn.conv2d(%data, @w, @b) {kernel = [3, 3]} : f32[1, 2, 2, 2]
          %relu = nn.relu(%conv) : f32[1, 2, 2, 2]
          return %relu
        }

        """;

    private static void CompilesAndRuns(TinyModel model, string data)
    {
        var run = CliRun.Of("compile", model.Model, "-o", model.Out, "--data", data);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(0, CliRun.Of("check", model.Out, "--strict").Exit);
        Assert.Equal(0, CliRun.Of("run", model.Out, "--data", data, "-o", "-").Exit);
    }

    [Fact]
    public void A_dead_channel()
    {
        using var model = new TinyModel(Network("1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0", "0.5, 0"));
        CompilesAndRuns(model, model.Data);
    }

    [Fact]
    public void Weights_all_zero()
    {
        using var model = new TinyModel(Network("0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0", "0, 0"));
        CompilesAndRuns(model, model.Data);
    }

    [Fact]
    public void A_constant_input()
    {
        using var model = new TinyModel();
        CompilesAndRuns(model, model.WriteNpy("zero.npy", Tensor.Zeros<byte>(Shape.Of(2, 4, 4))));
    }
}

using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Words of a text: integers that pick rows of a table, whatever else is done with them.</summary>
public sealed class IndexInputTests
{
    /// <summary>The mean of the words that are no padding.</summary>
    private const string Words = """
        graph @words(%ids: f32[1, 4]) {
          @table: f32[500, 8] = random(1)
          @none: f32[] = [0]
          @w: f32[8, 8] = random(2)
          %0 = nn.take(@table, %ids)
          %1 = nn.greater(%ids, @none)
          %2 = nn.reshape(%1) {shape = [1, 4, 1]}
          %3 = nn.mul(%0, %2)
          %4 = nn.reduce_sum(%3) {axes = [1], keepdims = false}
          %5 = nn.reduce_sum(%2) {axes = [1], keepdims = false}
          %6 = nn.div(%4, %5)
          %y = nn.dense(%6, @w)
          return %y
        }
        """;

    [Fact]
    public void Words_that_calibration_did_not_see_are_picked_exactly_and_no_doubt_is_raised()
    {
        using var folder = new TemporaryFolder();
        string net = folder.Write("net.cml", Words);
        NpyWriter.Write(folder["few.npy"], Ids(40));
        NpyWriter.Write(folder["all.npy"], Ids(500));
        var compiled = CliRun.Of("compile", net, "-o", folder["out"], "--data", folder["few.npy"], "--quiet");
        Assert.True(compiled.Exit == 0, compiled.Error);
        var (decibels, told) = MeasuredNoise.Of(net, folder["out"], "--data", folder["all.npy"]);
        Assert.Equal("", told);
        Assert.InRange(decibels, 35, 100);
    }

    /// <summary>One to four words, padded with 0.</summary>
    private static Tensor<long> Ids(int words) => Tensor.Create(Shape.Of(32, 4),
        [.. Enumerable.Range(0, 128).Select(i => i % 4 > i / 4 % 4 ? 0L : 1 + (i * 7919L % (words - 1)))]);
}

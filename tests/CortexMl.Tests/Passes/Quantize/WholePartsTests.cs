using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Places that stand in one vector with other numbers: none may become the one below it by rounding.</summary>
public sealed class WholePartsTests
{
    private static string Network(int places) => $$"""
        graph @places(%x: f32[1, 4]) {
          @table: f32[{{places}}, 8] = random(1)
          @w: f32[8, 3] = random(2)
          %0 = nn.slice(%x) {begin = [0, 3], end = [1, 4], strides = [1, 1]}
          %1 = nn.relu(%0)
          %2 = nn.floor(%1)
          %3 = nn.take(@table, %2)
          %4 = nn.reshape(%3) {shape = [1, 8]}
          %5 = nn.slice(%x) {begin = [0, 0], end = [1, 3], strides = [1, 1]}
          %6 = nn.dense(%5, @w)
          %y = nn.add(%4, %6)
          return %y
        }
        """;

    /// <param name="places">More than the 10 bits of a table tell apart, too.</param>
    /// <param name="least">Decibels; it comes out at 47.3 and 31.9.</param>
    [Theory]
    [InlineData(60, 45)]
    [InlineData(1500, 30)]
    public void Every_place_is_the_one_that_was_meant(int places, double least)
    {
        using var folder = new TemporaryFolder();
        string net = folder.Write("net.cml", Network(places));
        NpyWriter.Write(folder["data.npy"], Samples(places));
        var compiled = CliRun.Of("compile", net, "-o", folder["out"], "--data", folder["data.npy"], "--quiet");
        Assert.True(compiled.Exit == 0, compiled.Error);
        var (decibels, told) = MeasuredNoise.Of(net, folder["out"], "--data", folder["data.npy"]);
        Assert.Equal("", told);
        // A row beside the one that was meant, for half of the places, would leave less than 6.
        Assert.InRange(decibels, least, 100);
    }

    /// <summary>Three numbers between -1 and 1, then each place once.</summary>
    private static Tensor<float> Samples(int places)
    {
        var random = new Random(1);
        return Tensor.Create(Shape.Of(places, 4),
            [.. Enumerable.Range(0, places).SelectMany(place => (float[])[Signed(), Signed(), Signed(), place])]);

        float Signed() => 2 * random.NextSingle() - 1;
    }
}

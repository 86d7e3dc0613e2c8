using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

/// <summary>Places that stand in one vector with other numbers: none may become the one below it by rounding.</summary>
public sealed class WholePartsTests
{
    private const int Places = 60;

    private const string Network = """
        graph @places(%x: f32[1, 4]) {
          @table: f32[60, 8] = random(1)
          @w: f32[8, 4] = random(2)
          %0 = nn.slice(%x) {begin = [0, 3], end = [1, 4], strides = [1, 1]}
          %1 = nn.relu(%0)
          %2 = nn.floor(%1)
          %3 = nn.take(@table, %2)
          %4 = nn.reshape(%3) {shape = [1, 8]}
          %5 = nn.dense(%x, @w)
          %y = nn.add(%4, %5)
          return %y
        }
        """;

    [Fact]
    public void Every_place_is_the_one_that_was_meant()
    {
        using var folder = new TemporaryFolder();
        string net = folder.Write("net.cml", Network);
        NpyWriter.Write(folder["data.npy"], Samples());
        var compiled = CliRun.Of("compile", net, "-o", folder["out"], "--data", folder["data.npy"], "--quiet");
        Assert.True(compiled.Exit == 0, compiled.Error);
        var run = CliRun.Of("eval", net, folder["out"], "--data", folder["data.npy"], "--metric", "db", "--json", "--quiet");
        Assert.Equal((0, ""), (run.Exit, run.Error));
        using var result = JsonDocument.Parse(run.Output);
        Assert.InRange(result.RootElement.GetProperty("metric").GetProperty("results")[1].GetProperty("value").GetDouble(), 35, 100);
    }

    /// <summary>Three numbers between -1 and 1, then each place once.</summary>
    private static Tensor<float> Samples()
    {
        var random = new Random(1);
        return Tensor.Create(Shape.Of(Places, 4),
            [.. Enumerable.Range(0, Places).SelectMany(place => (float[])[Signed(), Signed(), Signed(), place])]);

        float Signed() => 2 * random.NextSingle() - 1;
    }
}

using System.Text.Json;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Inputs;

/// <summary>A network's own standardisation of its input, left to whoever makes integers of it.</summary>
public sealed class LiftInputScaleTests
{
    [Fact]
    public void A_network_that_standardises_far_columns_is_told_and_follows_its_float_values()
    {
        using var folder = new TemporaryFolder();
        string model = folder.Write("net.cml", """
            graph @table(%x: f32[1, 2]) -> f32[1, 3] {
              @mean: f32[2] = [0.5, 0.00005]
              @std: f32[2] = [0.25, 0.00001]
              @w: f32[3, 2] = random(1)
              %0 = nn.sub(%x, @mean)
              %1 = nn.div(%0, @std)
              %y = nn.dense(%1, @w)
              return %y
            }
            """);
        NpyWriter.Write(folder["data.npy"], Tensor.Create(Shape.Of(4, 2), [0.5f, 4e-5f, 1f, 7e-5f, 0.1f, 5e-5f, 0.75f, 3e-5f]));
        var run = CliRun.Of("compile", model, "-o", folder["out"], "--data", folder["data.npy"]);
        Assert.True(run.Exit == 0, run.Error);
        var input = ModelIo.Read(Path.Combine(folder["out"], ModelIo.FileName)).Inputs[0];
        Assert.Equal(1, input.Centering!.Axis);
        Assert.Equal(0.5, input.Centering.Offset[0], 6);
        Assert.Equal(100_000, input.Centering.Gain[1], 1.0);
        Assert.Contains("note CML0536: input 'x': the network's own standardisation of it", run.Error, StringComparison.Ordinal);
        using var report = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder["out"], "report.json")));
        Assert.InRange(report.RootElement.GetProperty("noise")[0].GetProperty("noiseRatio").GetDouble(), 30, 100);
    }
}

using System.Text.Json;
using CortexMl.Ir.Origins;
using CortexMl.Passes;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Quantize.Schemes;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using CortexMl.Text;
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

    [Theory]
    [InlineData(true, 3)]
    [InlineData(null, 3)]
    [InlineData(false, 80_000)]
    public void What_a_scheme_leaves_as_it_is_stays_and_what_is_lifted_is_not_cut_off(bool? decided, double threshold)
    {
        var graph = TextParser.ParseOne("""
            graph @g(%x: f32[1, 2] within 80000) {
              @far: f32[2] = [2, 0.00005]
              @w: f32[1, 2] = [1, 2]
              %0 = nn.mul(%x, @far) : f32[1, 2] within 2
              %1 = nn.identity(%0) : f32[1, 2] within 2
              %2 = nn.dense(%1, @w) : f32[1, 1] within 9
              return %2
            }
            """);
        var services = new PassServices();
        services.Given.Set(new GivenScheme(
            "s", new SchemeFile("m", new SchemeSettings(), [new ValueDecision("x", null) { Centred = decided }], [])));
        services.Results.Set(new CalibrationFile("m", "d", "mse", [new CalibratedValue("0", 2, new ValueSummary(-3, 1, 0, 1, 100))]));
        new PassManager(PassTable.Registry()).Run(graph, Pipeline.Parse("lift-input-scale"), services);
        Assert.Equal(threshold, graph.Inputs[0].Type.Threshold);
        Assert.Equal(decided == false, InputSignature.CenteringOf(graph, 0) is null);
    }
}

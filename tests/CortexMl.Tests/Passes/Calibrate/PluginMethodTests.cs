using System.Text.Json;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>The sample of a calibration method, in every command; in a process of its own, since methods hold for all of it.</summary>
public sealed class PluginMethodTests : IDisposable
{
    private const string Method = "energy{energy-percent=98}", Default = "default,calibrate{method=energy,energy-percent=98}@instead";

    private static readonly string s_plugin = Path.Combine(AppContext.BaseDirectory, "CortexMl.Samples.EnergyThreshold.dll");

    private static readonly string s_network = Repository.Path("golden", "models", "mnist-mlp");

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_list_of_methods_has_it_with_its_options()
    {
        var run = CliProcess.Of("passes", "calibrate", "--plugin", s_plugin);
        Assert.True(run.Exit == 0, run.Error);
        Assert.Contains("\n  energy-percent=99.9  of energy: percent of the squared sum\n", run.Output, StringComparison.Ordinal);
        Assert.Contains(
            "\n  energy      so much of the squared sum lies within (of CortexMl.Samples.EnergyThreshold)\n", run.Output,
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_unknown_method_is_told_with_all_at_hand_and_the_nearest()
    {
        string text = _folder.Write("x.cml", "graph @g(%x: f32[1]) {\n  return %x\n}\n");
        var run = CliProcess.Of("opt", text, "--plugin", s_plugin, "--passes", "calibrate{method=enrgy}");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0903: pass 'calibrate': option 'method=enrgy': expected one of absmax, percentile, mean-std, entropy, mse, "
            + "energy, auto; did you mean 'energy'?\n", run.Error, StringComparison.Ordinal);
        var without = CliProcess.Of("opt", text, "--passes", "calibrate{method=enrgy}");
        Assert.DoesNotContain("energy", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Its_golden_file_passes()
    {
        var run = CliProcess.Of("test", Repository.Path("passes", "Samples", "EnergyThreshold", "energy.cml"), "--plugin", s_plugin);
        Assert.True(run.Exit == 0, run.Output + run.Error);
    }

    [Fact]
    public void Calibration_file_scheme_and_reproduce_know_it()
    {
        string[] data = ["--data", Path.Combine(s_network, "calibration.npy"), "--scale", "1/255", "--samples", "64"];
        Passes(["compile", s_network, "-o", _folder["out"], "--plugin", s_plugin, "--passes", Default, .. data]);
        using var calibration = JsonDocument.Parse(File.ReadAllText(_folder["out/model.calibration.json"]));
        Assert.Equal(Method, calibration.RootElement.GetProperty("method").GetString());
        Assert.Contains($"\"reason\": \"{Method} of ", File.ReadAllText(_folder["out/model.scheme.json"]), StringComparison.Ordinal);

        Passes(["calibrate", s_network, "-o", _folder["alone.json"], "--plugin", s_plugin, "--passes", Default, .. data]);
        Assert.Equal(File.ReadAllText(_folder["out/model.calibration.json"]), File.ReadAllText(_folder["alone.json"]));

        string[] again = ["reproduce", _folder["out"], "--model", s_network, .. data];
        Passes([.. again, "--plugin", s_plugin]);
        var without = CliProcess.Of(again);
        Assert.Equal(2, without.Exit);
        Assert.Contains("CML0903", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_scheme_gives_it_to_values_that_fit_a_pattern()
    {
        string[] data = ["--data", Path.Combine(s_network, "calibration.npy"), "--scale", "1/255", "--samples", "64"];
        string scheme = _folder.Write("scheme.json",
            $$"""{"format": 1, "values": [{"operator": "nn.relu", "method": "{{Method}}"}]}""");
        Passes(["compile", s_network, "-o", _folder["out"], "--scheme", scheme, "--plugin", s_plugin, .. data]);
        string[] lines = [.. File.ReadAllLines(_folder["out/model.scheme.json"]).Where(l => l.Contains("given", StringComparison.Ordinal))];
        Assert.NotEmpty(lines);
        Assert.All(lines, line => Assert.Matches(
            $"\"within\": [0-9.]+, \"method\": \"{Method}\", .*\"reason\": \"given by operator nn.relu\"", line));
        Assert.Contains($"\"method\": \"{Method}\"", File.ReadAllText(_folder["out/model.calibration.json"]), StringComparison.Ordinal);
        // What was decided stands in the folder as numbers.
        Passes(["reproduce", _folder["out"], "--model", s_network, .. data]);

        var without = CliProcess.Of(["compile", s_network, "-o", _folder["other"], "--scheme", scheme, .. data]);
        Assert.Equal(2, without.Exit);
        Assert.Contains($"error CML0571: 'method' of operator nn.relu is '{Method}': no calibration method is named 'energy'; expected one of "
            + "absmax, percentile, mean-std, entropy, mse\n", without.Error, StringComparison.Ordinal);
    }

    private static void Passes(string[] words)
    {
        var run = CliProcess.Of(words);
        Assert.True(run.Exit == 0, run.Output + run.Error);
    }
}

using System.Text.Json;
using CortexMl.Passes;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Comparing;

public sealed class BisectTests : IDisposable
{
    private readonly PooledModel _pooled = new();

    public void Dispose() => _pooled.Dispose();

    [Fact]
    public void The_rule_that_removes_the_relu_is_named()
    {
        var run = Bisect("db >= 60", "dead-code,wrong-relu,drop-identity,canonicalize", "--json");
        Assert.Equal(1, run.Exit);
        var report = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal("wrong-relu", report.GetProperty("pass").GetString());
        Assert.Equal(2, report.GetProperty("step").GetInt32());
        var rewrite = report.GetProperty("rewrite");
        Assert.Equal("nn.relu: WithoutRelu", rewrite.GetProperty("rule").GetString());
        Assert.Equal("nn.relu 'relu1'", rewrite.GetProperty("operation").GetString());
    }

    [Fact]
    public void The_rule_that_shifts_wrongly_is_named()
    {
        string pipeline = DefaultPipeline.Text.Replace("lower-cvm", "lower-cvm,wrong-shift", StringComparison.Ordinal);
        var run = Bisect("node-db >= 20", pipeline);
        Assert.Equal(1, run.Exit);
        Assert.Contains("wrong-shift, breaks it", run.Output);
        Assert.Matches(@"rewrite \d+, rule cvm.cvm_right_shift: OneBitShort, on cvm.cvm_right_shift", run.Output);
    }

    [Fact]
    public void A_command_says_what_is_right()
    {
        string condition = $"cortexml compare \"{_pooled.Model}\" {{}} --random 2 --min-db 60";
        var run = Bisect(condition, "dead-code,wrong-relu,drop-identity");
        Assert.Contains("pass 2, wrong-relu, breaks it: rewrite", run.Output);
    }

    [Fact]
    public void Accuracy_is_measured_against_labels()
    {
        using var tiny = new TinyModel();
        string[] data = ["--data", tiny.Data, "--labels", tiny.Labels, "--scale", "1/255"];
        var run = CliRun.Of(["bisect", tiny.Model, .. data, "--while", "accuracy >= 0", "--json"]);
        var report = JsonDocument.Parse(run.Output).RootElement;
        double measured = report.GetProperty("probes")[0].GetProperty("figure").GetDouble();
        var eval = JsonDocument.Parse(CliRun.Of(["eval", tiny.Model, .. data, "--json"]).Output).RootElement;
        Assert.Equal(eval.GetProperty("results")[0].GetProperty("top1").GetDouble(), measured);
    }

    [Fact]
    public void What_holds_to_the_end_has_no_culprit()
    {
        var run = Bisect("agreement >= 75 %", "dead-code,canonicalize");
        Assert.Equal(0, run.Exit);
        Assert.Contains("nothing breaks it: it holds after all 2 passes (agreement 1)", run.Output);
    }

    [Theory]
    [InlineData("agrement > 0.9", "there is no figure 'agrement'\n  help: did you mean 'agreement'?")]
    [InlineData("db < 20", "'<' cannot be asked for")]
    [InlineData("agreement > 1", "'agreement > 1' does not even hold of 'tiny' as it is loaded: agreement 1")]
    [InlineData("no-such-program-at-all", "'no-such-program-at-all' cannot be run")]
    [InlineData("accuracy > 0.9", "accuracy needs labels")]
    public void Conditions_that_make_no_sense_are_mistakes(string condition, string message)
    {
        var run = Bisect(condition, "dead-code");
        Assert.Equal(2, run.Exit);
        Assert.Contains(message, run.Error);
    }

    private CliRun Bisect(string condition, string pipeline, params string[] options) => CliRun.Of(
        ["bisect", _pooled.Model, "--random", "4", "--plugin", PooledModel.Plugin, "--passes", pipeline, "--while", condition, .. options]);
}

using System.Text.Json;
using CortexMl.Passes;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Comparing;

public sealed class CompareTests : IDisposable
{
    private readonly PooledModel _pooled = new();

    private static readonly string s_wrongShift =
        DefaultPipeline.Text.Replace("lower-cvm", "lower-cvm,wrong-shift", StringComparison.Ordinal);

    public void Dispose() => _pooled.Dispose();

    [Fact]
    public void A_relu_that_is_missing_before_a_max_pool_is_found_at_the_pool()
    {
        var run = Compare("--passes", "drop-identity,wrong-relu", "--min-db", "60");
        Assert.Equal(1, run.Exit);
        Assert.Contains("first bad node: 'pool1', made by nn.max_pool2d 'pool1'", run.Error);
        var report = Json("--passes", "drop-identity,wrong-relu", "--stage", "drop-identity");
        Assert.False(report.TryGetProperty("firstBad", out _));
        Assert.All(report.GetProperty("nodes").EnumerateArray(), node => Assert.False(node.TryGetProperty("noiseRatio", out _)));
    }

    [Fact]
    public void A_shift_that_is_one_bit_short_is_found_at_the_shift()
    {
        var report = Json("--passes", s_wrongShift, "--stage", "wrong-shift");
        Assert.Equal("relu1", report.GetProperty("firstBad").GetString());
        var bad = report.GetProperty("nodes").EnumerateArray().First(node => node.GetProperty("isBad").GetBoolean());
        Assert.StartsWith("cvm.cvm_right_shift", bad.GetProperty("operation").GetString());
        Assert.False(Json("--passes", s_wrongShift, "--stage", "lower-cvm").TryGetProperty("firstBad", out _));
    }

    [Fact]
    public void Two_stages_of_integers_are_compared_with_each_other()
    {
        var report = Json("--passes", s_wrongShift, "--from", "quantize", "--stage", "wrong-shift");
        Assert.Equal("relu1", report.GetProperty("firstBad").GetString());
        var same = Json("--from", "quantize", "--stage", "lower-cvm", "--min-db", "40");
        Assert.False(same.TryGetProperty("firstBad", out _));
        Assert.True(same.GetProperty("nodes").GetArrayLength() > 5);
    }

    [Fact]
    public void The_whole_pipeline_is_compared_where_nothing_is_said()
    {
        var report = Json();
        Assert.Equal("tiny compiled", report.GetProperty("second").GetString());
        Assert.Contains(report.GetProperty("nodes").EnumerateArray(), node => node.GetProperty("isOutput").GetBoolean());
        Assert.False(report.TryGetProperty("firstBad", out _));
    }

    [Fact]
    public void A_compiled_folder_is_compared_though_it_tells_no_scales()
    {
        string folder = _pooled.Folder["out"];
        Assert.Equal(0, CliRun.Of("compile", _pooled.Model, "-o", folder, "--random-data", "4").Exit);
        var report = JsonDocument.Parse(CliRun.Of("compare", _pooled.Model, folder, "--random", "4", "--json").Output).RootElement;
        Assert.False(report.TryGetProperty("firstBad", out _));
        Assert.Contains(report.GetProperty("nodes").EnumerateArray(), node => node.GetProperty("isFitted").GetBoolean());
    }

    [Fact]
    public void Csv_has_a_line_a_node_in_the_graphs_order()
    {
        string[] lines = Compare("--passes", "drop-identity,wrong-relu", "--csv").Output.Split('\n');
        Assert.Equal("name,operation,output,db,cosine,largest error,saturated,bad", lines[0]);
        Assert.Equal(["conv1", "pool1", "conv2", "pool2", "flat", "fc", ""], lines.Skip(1).Select(line => line.Split(',')[0]));
        Assert.StartsWith("conv1,nn.conv2d 'conv1',,,1,0,0,", lines[1]);
    }

    [Fact]
    public void A_pass_that_the_pipeline_lacks_is_a_mistake_with_a_hint()
    {
        var run = Compare("--stage", "quantise");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0902: the pipeline has no pass 'quantise'\n  help: did you mean 'quantize'?", run.Error);
        Assert.Contains("pass 'quantize' runs 1 time, not 3", Compare("--stage", "quantize#3").Error);
    }

    [Fact]
    public void Networks_without_a_common_value_are_no_pair()
    {
        string other = _pooled.Folder.Write(
            "other.cml", "graph @g(%data: f32[1, 1, 12, 12]) {\n  %odd = nn.relu(%data)\n  return %odd\n}\n");
        var run = CliRun.Of("compare", _pooled.Model, other, "--random", "1");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0980: 'tiny' and 'other' have no value in common", run.Error);
    }

    private CliRun Compare(params string[] options) =>
        CliRun.Of(["compare", _pooled.Model, "--random", "4", "--plugin", PooledModel.Plugin, .. options]);

    private JsonElement Json(params string[] options) => JsonDocument.Parse(Compare([.. options, "--json"]).Output).RootElement;
}

using System.Text.Json;
using CortexMl.Passes.Quantize.Restoring;
using CortexMl.Passes.Quantize.Schemes;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>compile --restore: what is told and written of a network with operations in float, and what does not go with it.</summary>
public sealed class RestoreTests : IDisposable
{
    private readonly TinyModel _model = new();

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Only_what_people_look_at_is_written_and_a_note_says_so()
    {
        var run = _model.Compile("--test", _model.Data, "--labels", _model.Labels, "--restore", "conv,fc");
        Assert.Equal(0, run.Exit);
        Assert.Equal(["model.calibration.json", "model.manifest.json", "model.scheme.json", "report.html", "report.json", "run.json"],
            Directory.EnumerateFiles(_model.Out).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal));
        Assert.Contains("note CML0983: 2 operations in 2 float islands stayed in float: this mixture", run.Error);
        Assert.Contains("mixture top-1", run.Error);
        Assert.Contains("integer top-1", run.Error);
        Assert.StartsWith("sample,label,class", run.Output);
        var report = Report();
        Assert.Equal(["float", "mixture"], report.GetProperty("accuracy").GetProperty("results").EnumerateArray()
            .Select(r => r.GetProperty("level").GetString()));
        var restored = report.GetProperty("restored");
        Assert.Equal(["conv", "fc"], restored.GetProperty("operations").EnumerateArray().Select(o => o.GetString()));
        var output = Assert.Single(restored.GetProperty("outputs").EnumerateArray().ToList());
        Assert.True(output.GetProperty("restored").GetDouble() > output.GetProperty("integer").GetDouble());
    }

    [Fact]
    public void A_scheme_keeps_the_line_and_does_the_same_again()
    {
        Assert.Equal(0, _model.Compile("--restore", "relu", "--restore", "f?").Exit);
        string scheme = _model.Folder["out/model.scheme.json"], first = File.ReadAllText(scheme);
        Assert.Equal(2, first.Split("\"restore\": true").Length - 1);
        Assert.Contains("{\"layer\": \"fc\", \"data\": 8,", first);
        Assert.Contains("\"rounding\": \"nearest\", \"restore\": true,", first);
        string again = _model.Folder["again"];
        var run = CliRun.Of("compile", _model.Model, "-o", again, "--scheme", scheme);
        Assert.Equal(0, run.Exit);
        Assert.Contains("CML0983", run.Error);
        Assert.Equal(first, File.ReadAllText(_model.Folder["again/model.scheme.json"]));
    }

    [Theory]
    [InlineData("{\"values\": [{\"operator\": \"nn.relu\", \"restore\": true}], \"format\": 1}", "relu")]
    [InlineData("{\"values\": [{\"value\": \"*\", \"restore\": true}], \"format\": 1}", "*")]
    [InlineData("{\"layers\": [{\"layer\": \"f*\", \"restore\": true}], \"format\": 1}", "fc")]
    public void A_line_of_a_scheme_may_keep_several(string scheme, string option)
    {
        Assert.Equal(0, _model.Compile("--restore", option).Exit);
        var expected = Report().GetProperty("restored").GetProperty("operations").ToString();
        var run = _model.Compile("--scheme", _model.Folder.Write("scheme.json", scheme));
        Assert.True(run.Exit == 0, run.Error);
        Assert.Equal(expected, Report().GetProperty("restored").GetProperty("operations").ToString());
    }

    [Fact]
    public void Without_the_lines_a_scheme_of_such_a_run_gives_the_model_that_it_was_made_of()
    {
        Assert.Equal(0, _model.Compile("--restore", "*").Exit);
        string scheme = _model.Folder.Write(
            "edited.json", File.ReadAllText(_model.Folder["out/model.scheme.json"]).Replace("\"restore\": true, ", ""));
        string plain = _model.Folder["plain"], edited = _model.Folder["edited"];
        Assert.Equal(0, CliRun.Of("compile", _model.Model, "-o", plain, "--data", _model.Data, "--scale", "1/255").Exit);
        Assert.Equal(0, CliRun.Of("compile", _model.Model, "-o", edited, "--scheme", scheme).Exit);
        foreach (string file in (string[])["symbol", "params"])
            Assert.Equal(File.ReadAllBytes(Path.Combine(plain, file)), File.ReadAllBytes(Path.Combine(edited, file)));
    }

    [Theory]
    [InlineData("rellu", "CML0573: restore-float: no operation of the network is called 'rellu'", "did you mean 'relu'?")]
    [InlineData("data", "CML0573: restore-float: 'data' is an input of the network", "names are those that calibrate sees")]
    [InlineData("op:nn.sigmoid", "CML0573: restore-float: no operation of the network is called 'op:nn", "its rows: nn.conv2d, nn.relu")]
    [InlineData("", "CML0982: --restore names nothing", "conv*")]
    public void What_names_nothing_is_refused(string name, string message, string hint)
    {
        var run = _model.Compile("--restore", name);
        Assert.Equal(2, run.Exit);
        Assert.Contains(message, run.Error);
        Assert.Contains(hint, run.Error);
        Assert.False(File.Exists(_model.Folder["out/report.json"]));
    }

    [Theory]
    [InlineData("--min-db", "40")]
    [InlineData("--gas-budget", "2")]
    [InlineData("--target-drop", "1")]
    public void What_chooses_bits_of_a_model_to_upload_is_refused(string option, string value)
    {
        var run = _model.Compile("--restore", "fc", option, value, "--test", _model.Data, "--labels", _model.Labels);
        Assert.Equal(2, run.Exit);
        Assert.Contains($"CML0982: {option} is about a model to upload", run.Error);
    }

    [Fact]
    public void A_folder_with_a_model_keeps_it()
    {
        Assert.Equal(0, _model.Compile().Exit);
        var run = _model.Compile("--restore", "fc");
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0982", run.Error);
        Assert.True(File.Exists(_model.Folder["out/symbol"]));
    }

    [Fact]
    public void Layers_are_tried_one_by_one()
    {
        var run = _model.Compile("--restore-each");
        Assert.Equal(0, run.Exit);
        Assert.Contains("2 layers tried one by one", run.Error);
        var each = Report().GetProperty("restored").GetProperty("each").EnumerateArray().ToList();
        Assert.Equal(["conv", "fc"], each.Select(l => l.GetProperty("layer").GetString()).Order(StringComparer.Ordinal));
        double[] gains = [.. each.Select(l => l.GetProperty("gain").GetDouble())];
        Assert.Equal(gains.OrderDescending(), gains);
        Assert.True(gains[0] > 0);
    }

    [Fact]
    public void The_pipeline_holds_the_names_and_needs_the_pass()
    {
        var shown = _model.Compile("--restore", "conv*,op:nn.relu", "--print-pipeline");
        Assert.Contains("restore-float{operations=\"conv*,op:nn.relu\"}", shown.Output);
        var run = _model.Compile("--restore", "fc", "--passes", "default,-restore-float");
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0935: --restore has no effect: the pipeline has no pass restore-float", run.Error);
    }

    [Theory]
    [InlineData("conv*", "conv1", true)]
    [InlineData("*", "", true)]
    [InlineData("a?c", "abc", true)]
    [InlineData("a?c", "ac", false)]
    [InlineData("*b*d", "abcd", true)]
    [InlineData("*b*d", "abcde", false)]
    [InlineData("a*a*a", "aa", false)]
    [InlineData("conv", "conv1", false)]
    [InlineData("conv1", "conv", false)]
    public void Stars_stand_for_any_characters(string pattern, string name, bool matches) =>
        Assert.Equal(matches, NodePattern.Matches(pattern, name));

    private JsonElement Report() => JsonDocument.Parse(File.ReadAllText(_model.Folder["out/report.json"])).RootElement;
}

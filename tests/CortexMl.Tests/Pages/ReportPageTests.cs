using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Pages;
using CortexMl.Reports;
using CortexMl.Tensors;
using CortexMl.Tests.Cli;
using Xunit;

namespace CortexMl.Tests.Pages;

public sealed partial class ReportPageTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    private string Page => File.ReadAllText(Path.Combine(_tiny.Out, ReportFolder.PageName));

    [Fact]
    public void The_page_loads_nothing_and_names_every_script_that_may_run_by_its_digest()
    {
        Assert.Equal(0, _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels).Exit);
        string page = Page;
        Assert.DoesNotContain("http", page.Replace("http-equiv", "", StringComparison.Ordinal), StringComparison.Ordinal);
        string policy = Policy().Match(page).Groups[1].Value;
        Assert.StartsWith("default-src 'none';", policy, StringComparison.Ordinal);
        string[] scripts = [.. Scripts().Matches(page).Select(m => m.Groups[1].Value)];
        Assert.Equal(2, scripts.Length);
        Assert.All(scripts, script =>
            Assert.Contains(Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script))), policy, StringComparison.Ordinal));
        Assert.Equal(
            ["overview", "accuracy", "noise", "thresholds", "sums", "layers", "pipeline", "files", "graph"],
            Sections().Matches(page).Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void Report_writes_the_same_bytes_from_the_folder_and_leaves_it_whole()
    {
        _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels);
        string page = Page;
        File.Delete(Path.Combine(_tiny.Out, ReportFolder.PageName));
        Assert.Contains("CML0108", CliRun.Of("report", _tiny.Out).Error, StringComparison.Ordinal);
        _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels, "--no-report");
        Assert.False(File.Exists(Path.Combine(_tiny.Out, ReportFolder.PageName)));
        Assert.Equal((0, ""), Exit(CliRun.Of("report", _tiny.Out)));
        Assert.NotEqual(page, Page);
        _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels);
        Assert.Equal((0, ""), Exit(CliRun.Of("report", _tiny.Out)));
        Assert.Equal(page, Page);
        Assert.Equal(0, CliRun.Of("check", _tiny.Out).Exit);
        Assert.Equal(page, CliRun.Of("report", _tiny.Out, "-o", "-").Output);

        static (int, string) Exit(CliRun run) => (run.Exit, run.Output);
    }

    [Fact]
    public void Gas_and_bytes_of_the_operations_add_up_and_used_ranges_lie_within_the_proof()
    {
        _tiny.Compile();
        var report = ReportFolder.Read(_tiny.Out);
        var details = report.Details!;
        // 16 elements of the input, five each.
        Assert.Equal(report.Gas - 80, details.Operations.Sum(o => o.Gas));
        // The weights, a byte each; two biases, and five factors and shifts that requantize.
        Assert.Equal(18 + 24 + 4 * (2 + 5), details.Operations.Sum(o => o.Bytes));
        Assert.Equal(report.Operations, details.Operations.Count);
        Assert.All(details.Operations, o => Assert.Contains(o.Layer, (string[])["conv", "relu", "flat", "fc"]));
        Assert.Contains(details.Sums, s => s is { Operator: "conv2d", Layer: "conv" });
        Assert.All(details.Sums, s => Assert.True(s.Low <= s.UsedLow && s.UsedLow <= s.UsedHigh && s.UsedHigh <= s.High));
        Assert.Equal(["data", "conv", "relu", "flat", "fc"], details.Distributions.Select(d => d.Name));
    }

    [Fact]
    public void Samples_of_which_the_models_say_different_things_are_told_with_a_picture()
    {
        _tiny.Compile("--test", _tiny.Data, "--labels", _tiny.Labels, "--input-precision", "2");
        var details = ReportFolder.Read(_tiny.Out).Details!;
        Assert.Equal(details.DifferingCount, details.Differing.Count);
        Assert.NotEmpty(details.Differing);
        Assert.All(details.Differing, sample =>
        {
            Assert.NotEqual(sample.FloatClass, sample.IntegerClass);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], Convert.FromBase64String(sample.Picture!)[..4]);
        });
        Assert.Contains("<img alt=\"\" src=\"data:image/png;base64,", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_helps_stands_below_what_is_said()
    {
        _tiny.Compile("--input-precision", "2");
        Assert.Matches("<li class=\"warning\">warning CML0955: [^<]*<small>help: [^<]*</small></li>", Page);
        Assert.DoesNotContain("\\n help", Page, StringComparison.Ordinal);
    }

    [Fact]
    public void Bench_names_what_it_times_as_the_network_does()
    {
        _tiny.Compile();
        var run = CliRun.Of("bench", _tiny.Out, "--runs", "1", "--json");
        Assert.True(run.Exit == 0, run.Error);
        var measured = JsonText.Read<Benchmarks.BenchReport>(run.Output)!;
        // Taking the input up belongs to no layer.
        Assert.All(
            measured.Groups.Where(group => group.Value != "data"),
            group => Assert.Contains(group.Layer, (string[])["conv", "relu", "flat", "fc"]));
        string page = _tiny.Folder["measured.html"];
        Assert.Equal(2, CliRun.Of("report", _tiny.Out, "--bench").Exit);
        Assert.Equal(0, CliRun.Of("report", _tiny.Out, "--bench", "-o", page).Exit);
        Assert.Contains(" ms</span></td>", File.ReadAllText(page), StringComparison.Ordinal);
    }

    [Fact]
    public void Times_are_told_although_the_report_is_broken()
    {
        _tiny.Compile();
        File.WriteAllText(Path.Combine(_tiny.Out, "report.json"), "{");
        var run = CliRun.Of("bench", _tiny.Out, "--runs", "1", "--json", "--accept-edited");
        Assert.Equal(0, run.Exit);
        Assert.Contains("warning CML0925: the file cannot be read", run.Error, StringComparison.Ordinal);
        Assert.All(JsonText.Read<Benchmarks.BenchReport>(run.Output)!.Groups, group => Assert.Null(group.Layer));
    }

    [Fact]
    public void Two_compilations_stand_side_by_side()
    {
        _tiny.Compile();
        string other = _tiny.Folder["other"];
        CliRun.Of("compile", _tiny.Model, "-o", other, "--data", _tiny.Data, "--scale", "1/255", "--input-precision", "6");
        var same = CliRun.Of("report", _tiny.Out, _tiny.Out);
        Assert.Equal(0, same.Exit);
        Assert.Contains("the same passes; the same bytes in all files", same.Error, StringComparison.Ordinal);
        var run = CliRun.Of("report", _tiny.Out, other, "-o", _tiny.Folder["difference.html"]);
        Assert.Contains("noisiest output", run.Error, StringComparison.Ordinal);
        Assert.Contains("other passes: quantize, quantize{input=6}", run.Error, StringComparison.Ordinal);
        Assert.Contains("<code>quantize{input=6}</code>", File.ReadAllText(_tiny.Folder["difference.html"]), StringComparison.Ordinal);
    }

    [Fact]
    public void Two_compilations_stand_side_by_side_for_programs()
    {
        _tiny.Compile();
        string other = _tiny.Folder["other"], page = _tiny.Folder["difference.html"];
        CliRun.Of("compile", _tiny.Model, "-o", other, "--data", _tiny.Data, "--scale", "1/255", "--input-precision", "6");
        var run = CliRun.Of("report", _tiny.Out, other, "--json", "-o", page);
        Assert.Equal((0, ""), (run.Exit, run.Error));
        Assert.True(File.Exists(page));
        var told = JsonNode.Parse(run.Output)!;
        Assert.Equal((1, "out", "other"), ((int)told["format"]!, (string)told["first"]!, (string)told["second"]!));
        var gas = told["figures"]!.AsArray().Single(figure => (string)figure!["name"]! == "gas")!;
        Assert.Equal(ReportFolder.Read(_tiny.Out).Gas, (long)gas["first"]!);
        Assert.Equal(Math.Sign((long)gas["first"]! - (long)gas["second"]!), (int)gas["verdict"]!);
        Assert.Equal(["quantize{input=6}"], told["onlySecond"]!.AsArray().Select(pass => (string)pass!));
        Assert.Contains(told["files"]!.AsArray(), file => (string)file!["name"]! == "params" && !(bool)file["isSame"]!);
        Assert.Contains("CML0940: --json compares two folders", CliRun.Of("report", _tiny.Out, "--json").Error, StringComparison.Ordinal);
        Assert.Contains("not both", CliRun.Of("report", _tiny.Out, other, "--json", "-o", "-").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"noise\": [", "\"noise\": [null, ", "a list holds null")]
    [InlineData("\"pipeline\":", "\"piperow\":", "it lacks what every report has")]
    [InlineData("{", "", "cannot be read")]
    public void A_report_of_other_hands_is_refused_where_it_is_none(string old, string now, string told)
    {
        _tiny.Compile();
        string path = Path.Combine(_tiny.Out, "report.json"), text = File.ReadAllText(path);
        int at = text.IndexOf(old, StringComparison.Ordinal);
        File.WriteAllText(path, text[..at] + now + text[(at + old.Length)..]);
        File.Delete(Path.Combine(_tiny.Out, "model.manifest.json"));
        var run = CliRun.Of("report", _tiny.Out);
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0925", run.Error, StringComparison.Ordinal);
        Assert.Contains(told, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_page_of_a_graph_of_5000_operations_is_bounded()
    {
        var build = new GraphBuilder("long", Level.Cvm);
        var value = build.Input("data", TensorType.Integer(8, Shape.Of(1, 8)));
        for (int i = 0; i < 2500; i++)
            value = build.Op(CvmUnary.Relu, [build.Op(CvmUnary.Relu, [value])]);
        build.Output(value);
        var graph = build.Build();
        _tiny.Compile();
        var report = ReportFolder.Read(_tiny.Out);
        var costs = Enumerable.Range(0, 5000).Select(i => new OperationCost($"v{i}", "relu", $"layer{i}", 40, 0)).ToList();
        var noise = costs.Select(c => new NodeNoise(c.Layer, 30, 1, 0)).ToList();
        string page = ReportPage.Text(new(report with { Noise = noise, Details = report.Details! with { Operations = costs } }, graph, []));
        Assert.InRange(page.Length, 500_000, 4_000_000);
        Assert.Contains("blocks of", page, StringComparison.Ordinal);
    }

    [GeneratedRegex("Content-Security-Policy\" content=\"([^\"]*)\"")]
    private static partial Regex Policy();

    [GeneratedRegex("<script>(.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Scripts();

    [GeneratedRegex("<section id=\"([a-z]*)\"")]
    private static partial Regex Sections();
}

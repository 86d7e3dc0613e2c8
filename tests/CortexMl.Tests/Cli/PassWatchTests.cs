using System.Text.Json;
using CortexMl.Tests.Comparing;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>What can be seen of passes: rewrites by number, dumps, traces, and what a failing one leaves.</summary>
public sealed class PassWatchTests : IDisposable
{
    private readonly PooledModel _pooled = new();

    public void Dispose() => _pooled.Dispose();

    [Fact]
    public void Rewrites_are_numbered_through_the_pipeline_with_pass_rule_and_operation()
    {
        string[] lines = Opt("--passes", "wrong-relu", "--log-rewrites").Error.Split('\n');
        Assert.Equal("1 wrong-relu (nn.conv2d: Again) nn.conv2d 'conv1'", lines[0]);
        Assert.Equal("2 wrong-relu (nn.relu: WithoutRelu) nn.relu 'relu1'", lines[1]);
        Assert.Equal(5, lines.Length);
        Assert.Equal(lines[..2], Opt("--passes", "wrong-relu", "--log-rewrites", "--rewrite-limit", "2").Error.Split('\n')[..^1]);
    }

    [Fact]
    public void Compile_logs_and_limits_rewrites_too()
    {
        var run = CliRun.Of("compile", _pooled.Model, "-o", _pooled.Folder["out"], "--random-data", "2", "--log-rewrites",
            "--rewrite-limit", "3", "--stop-after", "fold-constants");
        Assert.Equal(0, run.Exit);
        Assert.DoesNotContain("\n4 ", run.Error);
    }

    [Fact]
    public void A_skipped_pass_does_not_run()
    {
        Assert.Contains("nn.relu(", Opt("--passes", "dead-code,wrong-relu", "--skip", "wrong-relu").Output);
        var run = Opt("--passes", "dead-code", "--skip", "dead-cod");
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0902: the pipeline has no pass 'dead-cod' to skip\n  help: did you mean 'dead-code'?", run.Error);
    }

    [Fact]
    public void Dumps_of_chosen_passes_go_into_a_folder_as_texts_or_differences()
    {
        string folder = _pooled.Folder["dumps"];
        Opt("--passes", "dead-code,wrong-relu,canonicalize", "--dump-ir", "after:wrong-relu", "--dump-dir", folder);
        Assert.Equal(["02-wrong-relu.after.cml", "constants.npz"], Directory.GetFiles(folder).Select(Path.GetFileName).Order());
        string text = Path.Combine(folder, "02-wrong-relu.after.cml");
        Assert.Contains("%pool1 = nn.max_pool2d(%conv1)", CliRun.Of("opt", text).Output);
        Opt("--passes", "dead-code,wrong-relu", "--dump-ir", "diff", "--dump-dir", folder);
        string difference = File.ReadAllText(Path.Combine(folder, "02-wrong-relu.diff"));
        Assert.StartsWith("// after wrong-relu\n--- before wrong-relu\n+++ after wrong-relu\n", difference);
        Assert.Contains("-  %relu1 = nn.relu(%conv1)", difference);
        Assert.False(File.Exists(Path.Combine(folder, "01-dead-code.diff")));
    }

    [Fact]
    public void A_dump_that_means_nothing_is_a_mistake()
    {
        Assert.Contains("error CML0934: --dump-ir aftr: 'aftr' is no time to show a graph\n  help: did you mean 'after'?",
            Opt("--dump-ir", "aftr").Error);
        Assert.Contains("--dump-dir without --dump-ir writes nothing", Opt("--dump-dir", _pooled.Folder["d"]).Error);
    }

    [Fact]
    public void A_trace_has_an_event_for_every_pass()
    {
        string file = _pooled.Folder["trace.json"];
        Opt("--passes", "dead-code,wrong-relu{}", "--trace", file);
        var events = JsonDocument.Parse(File.ReadAllText(file)).RootElement.GetProperty("traceEvents").EnumerateArray().ToList();
        Assert.Equal(["dead-code", "wrong-relu"], events.Select(e => e.GetProperty("name").GetString()));
        Assert.All(events, e => Assert.Equal("X", e.GetProperty("ph").GetString()));
        Assert.Equal(4, events[1].GetProperty("args").GetProperty("rewrites").GetInt64());
    }

    [Fact]
    public void A_failing_pass_leaves_a_reproducer_that_replays_as_it_is()
    {
        var run = Opt("--passes", "failing-pass{word=\"two words\"}");
        Assert.Equal(3, run.Exit);
        Assert.Contains("warning CML0500: a warning before the failure\nerror CML0905: pass 'failing-pass' failed: it fails: two words",
            run.Error);
        string name = System.Text.RegularExpressions.Regex.Match(run.Error, @"cortexml replay (\S+)").Groups[1].Value;
        Assert.Matches(@"^cortexml-reproducer-[0-9a-f]{8}\.cml$", name);
        try
        {
            Assert.StartsWith("//! opt '--passes=failing-pass{word=\"two words\"}' --plugin=", File.ReadAllText(name));
            Assert.Equal(0, CliRun.Of("test", name).Exit);
            var replayed = CliRun.Of("replay", name);
            Assert.Equal(3, replayed.Exit);
            Assert.Contains("it fails: two words", replayed.Error);
            Assert.DoesNotContain("InvalidOperationException", replayed.Error);
            Assert.Contains("System.InvalidOperationException: it fails: two words\n   at CortexMl.Tests.Comparing.FailingPass.Run",
                CliRun.Of("replay", name, "--verbose").Error);
        }
        finally
        {
            File.Delete(name);
            File.Delete(Path.ChangeExtension(name, ".npz"));
        }
    }

    [Fact]
    public void A_text_that_does_not_say_what_to_run_is_no_reproducer()
    {
        var run = CliRun.Of("replay", _pooled.Model);
        Assert.Equal(2, run.Exit);
        Assert.Contains("error CML0940: 'tiny.cml' does not say what to run: its first line is 'graph @pooled(", run.Error);
    }

    private CliRun Opt(params string[] options) => CliRun.Of(["opt", _pooled.Model, "--plugin", PooledModel.Plugin, .. options]);
}

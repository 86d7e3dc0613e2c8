using System.Text.Json;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

public sealed class AuditCommandTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public AuditCommandTests()
    {
        _tiny.Compile();
        Assert.Equal(0, Run("--transcript", Mine, "--values", Values).Exit);
    }

    public void Dispose() => _tiny.Dispose();

    private string Mine => _tiny.Folder["mine.json"];

    private string Values => _tiny.Folder["mine.npz"];

    [Fact]
    public void A_transcript_is_audited_from_its_values_and_from_the_bytes()
    {
        var opened = CliRun.Of("audit", Mine, "--model", _tiny.Out, "--values", Values);
        Assert.Equal(0, opened.Exit);
        Assert.EndsWith(", as computed again\n", opened.Output, StringComparison.Ordinal);
        string raw = _tiny.Folder["input.bin"], ofBytes = _tiny.Folder["bytes.json"];
        File.WriteAllBytes(raw, [.. Enumerable.Range(1, 16).Select(i => (byte)i)]);
        Assert.Equal(0,
            CliRun.Of("run", _tiny.Out, "--raw-input", raw, "--raw-output", _tiny.Folder["o.bin"], "--transcript", ofBytes).Exit);
        Assert.Equal(0, CliRun.Of("audit", ofBytes, "--model", _tiny.Out, "--raw-input", raw).Exit);
        Assert.Contains("CML0992: the transcript is of another input",
            CliRun.Of("audit", Mine, "--model", _tiny.Out, "--raw-input", raw).Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Two_transcripts_of_one_run_are_the_same()
    {
        string again = _tiny.Folder["again.json"];
        Assert.Equal(0, Run("--transcript", again).Exit);
        Assert.Equal(File.ReadAllBytes(Mine), File.ReadAllBytes(again));
        var audit = CliRun.Of("audit", Mine, again);
        Assert.Equal(0, audit.Exit);
        Assert.EndsWith("the same in both\n", audit.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_party_that_is_wrong_is_told_with_the_layer()
    {
        string theirs = Wrong(place: 2);
        var audit = CliRun.Of("audit", theirs, Mine, "--model", _tiny.Out, "--values", Values, "--json");
        using var report = JsonDocument.Parse(audit.Output);
        var difference = report.RootElement.GetProperty("difference");
        Assert.Equal((1, 2, 1),
            (audit.Exit, difference.GetProperty("place").GetInt32(), report.RootElement.GetProperty("executed").GetInt32()));
        Assert.Equal((false, true), (difference.GetProperty("isRight").GetBoolean(), difference.GetProperty("isOtherRight").GetBoolean()));
        Assert.Contains("is the first that differs: ", CliRun.Of("audit", theirs, Mine).Output, StringComparison.Ordinal);
        var text = CliRun.Of("audit", theirs, Mine, "--model", _tiny.Out, "--values", Values).Output;
        Assert.Contains(", wrong\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("MINE", "one FILE is computed again")]
    [InlineData("MINE --model OUT", "one FILE is computed again")]
    [InlineData("MINE --model OUT --values VALUES --raw-input MINE", "one FILE is computed again")]
    [InlineData("MINE MINE --model OUT", "a layer is executed with --model and --values")]
    [InlineData("MINE MINE --raw-input MINE", "two FILEs are compared without the input")]
    public void What_does_not_go_together_is_told(string line, string message)
    {
        var run = CliRun.Of(["audit", .. line.Split(' ').Select(word =>
            word switch { "MINE" => Mine, "OUT" => _tiny.Out, "VALUES" => Values, _ => word })]);
        Assert.Equal(2, run.Exit);
        Assert.Contains($"CML0940: {message}", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_transcript_is_of_one_sample()
    {
        var run = CliRun.Of("run", _tiny.Out, "--data", _tiny.Data, "--transcript", _tiny.Folder["t.json"]);
        Assert.Equal(2, run.Exit);
        Assert.Contains("CML0992: a transcript is of one sample, several are given", run.Error, StringComparison.Ordinal);
        Assert.Contains("CML0940: --values goes with --transcript", Run("--values", Values).Error, StringComparison.Ordinal);
    }

    private CliRun Run(params string[] more) => CliRun.Of(["run", _tiny.Out, "--data", _tiny.Data, "--limit", "1", .. more]);

    /// <summary>Mine with other digests from a layer on.</summary>
    private string Wrong(int place)
    {
        var right = CortexMl.Auditing.Transcript.Read(Mine);
        var wrong = CortexMl.Auditing.Transcript.Of(right.Model,
        [
            .. right.Layers.Select((layer, i) =>
                i < place ? layer : layer with { Digests = [.. layer.Digests.Select(_ => new string('a', 64))] }),
        ]);
        return _tiny.Folder.Write("theirs.json", wrong.ToJson());
    }
}

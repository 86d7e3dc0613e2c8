using CortexMl.Diagnostics;
using CortexMl.Tests.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Diagnostics;

/// <summary>Names with characters that show nothing, in the files that are written.</summary>
public sealed class WrittenNamesTests : IDisposable
{
    /// <summary>ESC, a control of eight bits, the direction of writing turned around and isolated, a tag.</summary>
    private static readonly string[] s_hidden = ["\u001b", "\u009b", "\u202e", "\u2066", "\U000e0041"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void No_file_of_a_compiled_folder_holds_a_hidden_character()
    {
        string name = "a" + string.Concat(s_hidden) + "b";
        string model =
            _folder.Write("g.cml", $"graph @g(%x: f32[1, 2]) {{ %{Quoted.Write(name)} = nn.relu(%x) return %{Quoted.Write(name)} }}\n");
        var run = CliRun.Of("compile", model, "-o", _folder["out"], "--random-data", "2");
        Assert.True(run.Exit == 0, run.Error);
        foreach (string file in (string[])
            [
                "bounds.json", "model.cml", "model.io.json", "model.calibration.json", "model.scheme.json", "report.json", "report.html",
                "model.manifest.json",
            ])
        {
            string text = File.ReadAllText(Path.Combine(_folder["out"], file));
            Assert.All(
                s_hidden, hidden => Assert.False(text.Contains(hidden, StringComparison.Ordinal), $"{file} holds {(int)hidden[0]:x}"));
        }
        string printed = CliRun.Of("print", Path.Combine(_folder["out"], "model.cml")).Output;
        Assert.Equal(printed, CliRun.With(printed, "opt", "-", "--passes", "").Output);
    }

    [Theory]
    [InlineData("\U000e0041", "\"\\u{e0041}\"")]
    [InlineData("\u202e", "\"\\u{202e}\"")]
    [InlineData("🙂", "\"🙂\"")]
    public void Quoted_text_escapes_whole_characters(string text, string quoted)
    {
        Assert.Equal(quoted, Quoted.Write(text));
        Assert.Equal(text, Quoted.Read(quoted));
    }
}

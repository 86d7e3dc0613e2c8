using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>Standard output and error that cannot be written: a full disk (/dev/full), closed streams, a reader that leaves.</summary>
public sealed class LostOutputTests : IDisposable
{
    private readonly TinyModel _tiny = new();

    public void Dispose() => _tiny.Dispose();

    public static TheoryData<string> Writers =>
        ["ops", "passes", "devices", "--help", "compile --help", "--version", "print MODEL", "print MODEL -o -",
            "run OUT --data DATA", "run OUT --data DATA -o -",
            "eval OUT --data DATA --labels LABELS --json", "check OUT --json", "chain contract OUT", "chain pack OUT -o PACKAGE",
            "test GOLDEN", "bench OUT --json"];

    [SkippableTheory]
    [MemberData(nameof(Writers))]
    public void A_full_disk_behind_standard_output_is_a_mistake_with_a_line(string line)
    {
        Skip.IfNot(File.Exists("/dev/full"), "needs /dev/full");
        var run = CliProcess.Shell($"{CliProcess.Quoted} {Arguments(line)} > /dev/full");
        Assert.True(run.Exit == 2, $"exit {run.Exit}: {run.Error}");
        Assert.Contains("error CML0941: standard output cannot be written", run.Error);
    }

    [SkippableTheory]
    [InlineData("print MODEL", "> /dev/full 2> /dev/full")]
    [InlineData("print NOTHING", "2> /dev/full")]
    [InlineData("compile MODEL -o OUT2 --data DATA --scale 1/255", "2> /dev/full")]
    [InlineData("print MODEL", ">&-")]
    [InlineData("print MODEL", ">&- 2>&-")]
    [InlineData("print NOTHING", "2>&-")]
    [InlineData("compile MODEL -o OUT2 --data DATA --scale 1/255", "2>&-")]
    public void Full_and_closed_streams_are_exit_2_never_a_crash(string line, string redirection)
    {
        Skip.IfNot(File.Exists("/dev/full"), "needs /dev/full");
        var run = CliProcess.Shell($"{CliProcess.Quoted} {Arguments(line)} {redirection}");
        Assert.True(run.Exit == 2, $"exit {run.Exit}: {run.Error}");
    }

    [SkippableFact]
    public void A_reader_that_leaves_ends_the_command_quietly()
    {
        var run = CliProcess.Shell($"{{ {CliProcess.Quoted} ops; echo $? >&2; }} | head -n 1");
        Assert.Equal(1, run.Output.Count(c => c == '\n'));
        Assert.Contains(run.Error.Trim(), (string[])["0", "2"]);
    }

    private string Arguments(string line)
    {
        if (line.Contains("OUT ", StringComparison.Ordinal) || line.EndsWith("OUT", StringComparison.Ordinal))
            Assert.Equal(0, _tiny.Compile().Exit);
        return string.Join(' ', line.Split(' ').Select(word => word switch
        {
            "MODEL" => _tiny.Model,
            "OUT" => _tiny.Out,
            "OUT2" => _tiny.Folder["second"],
            "DATA" => _tiny.Data,
            "LABELS" => _tiny.Labels,
            "PACKAGE" => _tiny.Folder["package"],
            "NOTHING" => _tiny.Folder["nothing.cml"],
            "GOLDEN" => _tiny.Folder.Write("golden.cml", "//! print\ngraph @g(%x: f32[2]) { return %x }\n//=\nold\n"),
            _ => word,
        }));
    }
}

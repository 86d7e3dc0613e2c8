using System.CommandLine;
using System.Text;
using CortexMl.Cli;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary>
/// What the command says of itself and of mistakes, word by word: golden/cli, of which <c>bash tools/cli/record</c> writes what is said
/// now.
/// </summary>
public sealed class TranscriptTests
{
    private const string Prompt = "$ cortexml";

    private static readonly string s_folder = Repository.Path("golden", "cli");

    private static readonly string[] s_files =
        [.. Directory.GetFiles(s_folder, "*.txt").Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Files => [.. s_files];

    [Theory]
    [MemberData(nameof(Files))]
    public void The_command_says_what_is_written(string file)
    {
        string expected = File.ReadAllText(Path.Combine(s_folder, file));
        var said = new StringBuilder();
        foreach (string line in expected.Split('\n').Where(l => l.StartsWith(Prompt, StringComparison.Ordinal)))
        {
            var run = CliRun.Of(line[Prompt.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries));
            said.Append($"{line}\n{run.Output}{run.Error}{(run.Exit == 0 ? "" : $"exit {run.Exit}\n")}");
        }
        Assert.Equal(expected, said.ToString());
    }

    [Fact]
    public void The_help_of_every_command_is_there()
    {
        string[] expected = [.. Paths(CommandLine.Root(OptionValueTests.NoTerminal()), "help").Order(StringComparer.Ordinal)];
        Assert.Equal(expected, s_files.Where(f => f.StartsWith("help", StringComparison.Ordinal)));
    }

    private static IEnumerable<string> Paths(Command command, string path) =>
        command.Subcommands.SelectMany(c => Paths(c, $"{path}-{c.Name}")).Prepend($"{path}.txt");
}

using System.CommandLine;

namespace CortexMl.Cli.Commands;

/// <summary>A command whose own help ends with what to know and examples; the list of commands shows the first line alone.</summary>
/// <param name="help">First line, empty line, the rest.</param>
internal sealed class TaughtCommand(string name, string help) : Command(name, help.Split('\n')[0].TrimEnd())
{
    /// <summary>What stands below the options.</summary>
    public string Lesson { get; } = string.Join('\n', help.ReplaceLineEndings("\n").Split('\n').Skip(2)) + "\n";
}

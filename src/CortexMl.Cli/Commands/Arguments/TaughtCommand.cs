using System.CommandLine;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>A command whose own help ends with what to know and examples; the list of commands shows the first line alone.</summary>
/// <param name="help">First line, empty line, the rest.</param>
/// <param name="takesRunFile">Whether a run file may stand for its options.</param>
internal sealed class TaughtCommand(string name, string help, bool takesRunFile = false) : Command(name, help.Split('\n')[0].TrimEnd())
{
    /// <summary>Whether its first argument may be a run file in place of a model.</summary>
    public bool TakesRunFile { get; } = takesRunFile;

    /// <summary>What stands below the options.</summary>
    public string Lesson { get; } = string.Join('\n', help.ReplaceLineEndings("\n").Split('\n').Skip(2)) + "\n";
}

/// <summary>Commands that tell all mistakes of a command line at once.</summary>
internal static class CheckedActions
{
    /// <param name="checks">Of parts of the command line that do not depend on each other; made where a mistake ends the action.</param>
    public static void SetAction(this Command command, Func<ParseResult, int> action, Func<ParseResult, IEnumerable<Action>> checks) =>
        command.SetAction(parsed => AllAtOnce.Run(() => action(parsed), checks(parsed)));
}

using System.CommandLine;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Commands;

/// <summary>Commands that tell all mistakes of a command line at once.</summary>
internal static class CheckedActions
{
    /// <param name="checks">Of parts of the command line that do not depend on each other; made where a mistake ends the action.</param>
    public static void SetAction(this Command command, Func<ParseResult, int> action, Func<ParseResult, IEnumerable<Action>> checks) =>
        command.SetAction(parsed => AllAtOnce.Run(() => action(parsed), checks(parsed)));
}

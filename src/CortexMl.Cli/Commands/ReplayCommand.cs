using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Golden;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml replay</c>: what the first line of a text says, on the text.</summary>
internal static class ReplayCommand
{
    private const string Description = """
        Run what the first line of a text says on the text: a reproducer that a failing pass left behind.

        A reproducer begins with a line as '//! opt --passes=fuse-scale --plugin=mine.dll'; its plugins are looked up from the text's own
        folder. The exit code is that of the command: 3 while the pass still fails. For as long, it is a golden file that
        passes: cortexml test FILE. Without its second line, --bless stores what comes out of the pass that is mended.

        Example:
          cortexml replay cortexml-reproducer-1f0c2a9b.cml --verbose
        """;

    private const string Header = "//!", Plugin = "--plugin=";

    public static Command Create(Session session)
    {
        var file = new Argument<string>("FILE") { Description = "A text (.cml) whose first line says what to run" };
        var verbose = new Option<bool>("--verbose") { Description = "Show the stack of the exception with which a pass fails" };
        var command = new TaughtCommand("replay", Description) { file, verbose };
        command.SetAction(parsed =>
        {
            string path = parsed.GetValue(file)!;
            string text = InputFile.ReadAllText(path);
            string first = text.Split('\n')[0].Trim();
            string[] words = first.StartsWith(Header, StringComparison.Ordinal) ? [.. CommandLineText.Words(first[Header.Length..])] : [];
            if (words is not ["opt", .. var options])
                throw new DiagnosticException(CliCodes.Usage, $"'{InputFile.DisplayName(path)}' does not say what to run: {Quoted(first)}",
                    new SourceLocation(InputFile.DisplayName(path), 1, 1), "the first line is '//! opt --passes=…'");
            string folder = Path.GetDirectoryName(path) ?? "";
            string[] args = ["opt", path, .. options.Select(option => Found(option, folder))];
            if (parsed.GetValue(verbose)) args = [.. args, "--verbose"];
            session.Terminal.Error.Write($"cortexml {string.Join(' ', args)}\n");
            return CommandLine.Run(args, session.Terminal);
        });
        return command;
    }

    private static string Quoted(string line) => line.Length == 0 ? "it begins with an empty line" : $"its first line is '{line}'";

    /// <summary>Plugins stand beside the text, not in the current folder.</summary>
    private static string Found(string option, string folder) => option.StartsWith(Plugin, StringComparison.Ordinal)
        ? Plugin + Path.Combine(folder, option[Plugin.Length..]) : option;
}

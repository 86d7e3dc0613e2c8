using System.CommandLine;
using System.Text;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;

namespace CortexMl.Cli.Commands.Shells;

/// <summary>The manual page: every command with its options and what its help teaches, as <c>man</c> reads it (roff, man(7)).</summary>
internal static class ManualPage
{
    public static string Of(RootCommand root, string version)
    {
        var text = new StringBuilder();
        text.Append($".TH CORTEXML 1 \"\" \"cortexml {version}\" \"User Commands\"\n");
        text.Append(".SH NAME\n").Append($"cortexml \\- {Text(root.Description!)}\n");
        text.Append(".SH SYNOPSIS\n.B cortexml\n.I command\n[arguments] [options]\n");
        text.Append(".SH COMMANDS\n");
        foreach (var command in Below(root)) Command(text, command);
        text.Append(".SH EXIT STATUS\n");
        foreach (var (status, what) in (ReadOnlySpan<(int, string)>)
            [
                (ExitCodes.Ok, "Right."), (ExitCodes.Failed, "A mismatch, a failed check, a rejected model, a failed inference."),
                (ExitCodes.UserError, "Bad usage or unreadable input."), (ExitCodes.InternalError, "An error of the program."),
                (ExitCodes.MoreWork, "Jobs are to be run before a search can go on."),
            ])
            text.Append($".TP\n.B {status}\n{what}\n");
        return text.ToString();
    }

    private static IEnumerable<Command> Below(Command command) =>
        command.Subcommands.Where(c => !c.Hidden).SelectMany(c => Below(c).Prepend(c));

    private static void Command(StringBuilder text, Command command)
    {
        text.Append($".SS \"{Text(HelpText.Usage(command))}\"\n{Line(command.Description ?? "")}\n");
        foreach (var argument in command.Arguments.Where(a => !a.Hidden))
            text.Append($".TP\n.I {Text(argument.Name)}\n{Line(argument.Description ?? "")}\n");
        foreach (var (title, options) in HelpText.Groups(command))
        {
            text.Append($".PP\n.B {Text(title)}\n");
            foreach (var option in options) text.Append($".TP\n.B {Text(HelpText.Label(option))}\n{Line(HelpText.Description(option))}\n");
        }
        if (command is TaughtCommand { Lesson.Length: > 1 } taught)
            text.Append(".PP\n.nf\n").AppendJoin('\n', taught.Lesson.TrimEnd('\n').Split('\n').Select(Line)).Append("\n.fi\n");
    }

    /// <summary>Text that roff takes for text: a line that starts with a dot or an apostrophe would be a request.</summary>
    private static string Line(string text) => Text(text) is ['.' or '\'', ..] request ? "\\&" + request : Text(text);

    /// <summary>Characters beyond ASCII by their number, which every roff knows.</summary>
    private static string Text(string text) => string.Concat(text.EnumerateRunes().Select(rune => rune.Value switch
    {
        '\\' => "\\e",
        '-' => "\\-",
        > 0x7e => $"\\[u{rune.Value:X4}]",
        _ => rune.ToString(),
    }));
}

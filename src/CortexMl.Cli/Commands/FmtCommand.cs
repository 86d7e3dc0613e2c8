using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Text;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml fmt</c>: texts in their form, with their comments.</summary>
internal static class FmtCommand
{
    private const string Description = """
        Format texts of graphs (.cml): one line a statement, spaces as the printer has them. Comments, names, the order of lines, and types
        that are left out stay as they are; lines of golden files that begin with //!, //- or //= are comments, too.

        Prints to standard output; --write rewrites the files, --check says which are not formatted (exit 1).

        Examples:
          cortexml fmt network.cml
          cortexml fmt --write golden/passes/*.cml
        """;

    public static Command Create(Session session)
    {
        var files = new Argument<string[]>("FILE") { Description = "Texts, or - for standard input", Arity = ArgumentArity.OneOrMore };
        var write = new Option<bool>("--write") { Description = "Rewrite the files" };
        var check = new Option<bool>("--check") { Description = "Print the names of files that are not formatted, and change nothing" };
        var command = new TaughtCommand("fmt", Description) { files, write, check };
        command.SetAction(parsed =>
        {
            bool writes = parsed.GetValue(write), checks = parsed.GetValue(check);
            if (writes && checks)
                throw new DiagnosticException(CliCodes.Usage, "--write and --check exclude each other", hint: "leave one out");
            var problems = new DiagnosticBag();
            int different = 0;
            foreach (string file in parsed.GetValue(files)!)
                problems.Collect(() =>
                {
                    string text = file == TextOutput.Standard ? session.Terminal.ReadInput() : InputFile.ReadAllText(file);
                    string formatted = TextFormatter.Format(text, InputFile.DisplayName(file));
                    if (!writes && !checks) session.Terminal.Write(formatted);
                    if (formatted == text) return;
                    different++;
                    if (checks) session.Terminal.Write(file + "\n");
                    else if (writes && file != TextOutput.Standard) AtomicFile.WriteText(file, formatted);
                });
            problems.ThrowIfErrors();
            return checks && different > 0 ? ExitCodes.Failed : ExitCodes.Ok;
        });
        return command;
    }
}

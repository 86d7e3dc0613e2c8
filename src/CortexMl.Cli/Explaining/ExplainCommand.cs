using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Explaining;

/// <summary><c>cortexml explain</c>: what a diagnostic means and what to do about it.</summary>
internal static class ExplainCommand
{
    private const string Prefix = "CML";

    private const string Description = """
        Explain a diagnostic: what it means, how it comes about, what to do, and an example; without a code, list all.

        Examples:
          cortexml explain CML0531
          cortexml explain 921
        """;

    public static Command Create(Session session)
    {
        var code = new Argument<string?>("CODE") { Description = "CML0531, or 531", Arity = ArgumentArity.ZeroOrOne };
        var command = new TaughtCommand("explain", Description) { code };
        command.SetAction(parsed =>
        {
            session.Terminal.Write(parsed.GetValue(code) is { } wanted ? Text(wanted)
                : OpsText.Columns(CodePages.All.Select(page => (page.Code, page.What))));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <exception cref="DiagnosticException">CML0940: there is no such code.</exception>
    private static string Text(string wanted)
    {
        string code = wanted.Trim().ToUpperInvariant();
        if (!code.StartsWith(Prefix, StringComparison.Ordinal)) code = Prefix + code.PadLeft(4, '0');
        var page = CodePages.All.FirstOrDefault(p => p.Code == code)
            ?? throw new DiagnosticException(CliCodes.Usage, $"there is no diagnostic '{Printable.Name(wanted)}'",
                hint: Nearest.Hint(code, CodePages.All.Select(p => p.Code), "'cortexml explain' lists all"));
        return $"{page.Code}\n{page.Text}";
    }
}

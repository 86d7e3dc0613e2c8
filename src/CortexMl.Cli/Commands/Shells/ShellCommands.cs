using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;

namespace CortexMl.Cli.Commands.Shells;

/// <summary><c>cortexml completion</c> and <c>cortexml man</c>: the tree of commands for shells and for man.</summary>
internal static class ShellCommands
{
    private const string CompletionHelp = """
        Print a script with which a shell completes commands, options and their words.

        Examples:
          source <(cortexml completion bash)
          cortexml completion zsh > "${fpath[1]}/_cortexml"
          cortexml completion fish > ~/.config/fish/completions/cortexml.fish
          cortexml completion pwsh >> $PROFILE
        """;

    private const string ManualHelp = """
        Print the manual page.

        Example:
          cortexml man > /usr/local/share/man/man1/cortexml.1
        """;

    /// <param name="root">The tree of commands, with these among them.</param>
    public static IEnumerable<Command> Create(Session session, Func<RootCommand> root)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh, fish or pwsh" };
        shell.AcceptOnlyFromAmong(Completion.Bash, Completion.Zsh, Completion.Fish, Completion.Pwsh);
        var completion = new TaughtCommand("completion", CompletionHelp) { shell };
        completion.SetAction(parsed =>
        {
            session.Terminal.Write(Completion.Script(root(), parsed.GetValue(shell)!));
            return ExitCodes.Ok;
        });
        var manual = new TaughtCommand("man", ManualHelp);
        manual.SetAction(_ =>
        {
            session.Terminal.Write(ManualPage.Of(root(), ProgramVersion.Number));
            return ExitCodes.Ok;
        });
        return [completion, manual];
    }
}

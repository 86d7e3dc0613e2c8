using System.CommandLine;
using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary>Arguments that the commands of the chain share.</summary>
internal static class ChainArguments
{
    public static Argument<string> Model() => new("DIR") { Description = "A compiled folder, or one written by chain pack" };

    public static Option<string> Output(string what) =>
        new("--output", "-o") { HelpName = "FILE", Description = $"Where {what} goes, - for standard output", DefaultValueFactory = _ => TextOutput.Standard };

    public static Option<string?> Names() => new("--names") { HelpName = "FILE", Description = "Names of the classes, one a line" };

    /// <summary>Text that stands on the command line itself (<c>0x…</c>, or a list), in a file, or on standard input (<c>-</c>).</summary>
    public static string Text(Session session, string given) =>
        given == TextOutput.Standard ? session.Terminal.ReadInput()
        : given.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || given.StartsWith('[') || given.StartsWith('{') ? given
        : InputFile.ReadAllText(given);

    /// <summary>The names of --names; none where it is left out.</summary>
    public static IReadOnlyList<string> ReadNames(string? path) => path is null ? [] : InputFile.ReadAllText(path).TrimEnd().ReplaceLineEndings("\n").Split('\n');

    /// <exception cref="DiagnosticException">CML0940.</exception>
    public static DiagnosticException Usage(string message, string hint) => new(CliCodes.Usage, message, hint: hint);
}

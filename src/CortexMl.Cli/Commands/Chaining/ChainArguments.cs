using System.CommandLine;
using CortexMl.Chain.Contracts;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Cli.Commands.Chaining;

/// <summary>Arguments that the commands of the chain share.</summary>
internal static class ChainArguments
{
    public static Argument<string> Model() => new("DIR") { Description = "A compiled folder, or one written by chain pack" };

    public static Option<string> Output(string what) =>
        new("--output", "-o")
        {
            HelpName = "FILE", Description = $"Where {what} goes, - for standard output", DefaultValueFactory = _ => TextOutput.Standard,
        };

    public static Option<string?> Names() => new("--names") { HelpName = "FILE", Description = "Names of the classes, one a line" };

    public static Option<string?> Abi() => new("--abi")
    {
        HelpName = "FILE",
        Description = "The contract's ABI as solc, Hardhat, Foundry or Truffle write it: JSON, a list, or an object with a member 'abi'",
    };

    /// <summary>The file of --abi, null where it is left out; what is not supported in it is a warning.</summary>
    public static ContractAbi? ReadAbi(Session session, string? path)
    {
        if (path is null) return null;
        var abi = ContractAbi.Read(InputFile.ReadAllBytes(path), InputFile.DisplayName(path), session.Notes);
        session.ShowNotes();
        return abi;
    }

    /// <summary>Text that stands on the command line itself (<c>0x…</c>, or a list), in a file, or on standard input (<c>-</c>).</summary>
    public static string Text(Session session, string given) =>
        given == TextOutput.Standard ? session.Terminal.ReadInput()
        : given.StartsWith("0x", StringComparison.OrdinalIgnoreCase) || given.StartsWith('[') || given.StartsWith('{') ? given
        : InputFile.ReadAllText(given);

    /// <summary>The names of --names; none where it is left out.</summary>
    public static IReadOnlyList<string> ReadNames(string? path) =>
        path is null ? [] : InputFile.ReadAllText(path).TrimEnd().ReplaceLineEndings("\n").Split('\n');

    /// <exception cref="DiagnosticException">CML0940.</exception>
    public static DiagnosticException Usage(string message, string hint) => new(CliCodes.Usage, message, hint: hint);
}

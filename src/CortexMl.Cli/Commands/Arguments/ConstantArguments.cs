using System.CommandLine;
using CortexMl.Compiling;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Text;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>--constants: where the large constants of a printed text stand.</summary>
internal sealed class ConstantArguments
{
    private const string Inline = "inline", InFile = "file", Digest = "digest";

    private readonly Option<string?> _place = new Option<string?>("--constants")
    {
        HelpName = "HOW",
        Description = "Large constants: inline (as bytes), file (FILE.npz beside the text of -o), or digest (for eyes). "
            + "By default file with -o FILE, inline into a pipe, digest on a terminal",
    }
        .From(Inline, InFile, Digest);

    public ConstantArguments(Command command) => command.Options.Add(_place);

    /// <summary>Prints the graphs; whatever is written without digests reads back.</summary>
    /// <param name="target">A file, or - for standard output.</param>
    /// <exception cref="DiagnosticException">CML0940: no file beside which constants could stand.</exception>
    public void Write(ParseResult parsed, Session session, string target, IReadOnlyList<Graph> graphs, PrintOptions printing)
    {
        bool isFile = target != TextOutput.Standard && FileKinds.Of(target) is FileKind.File or FileKind.Missing;
        string place = printing.StripNames ? Digest : parsed.GetValue(_place)
            ?? (isFile ? InFile : session.Terminal.IsOutputWatched && target == TextOutput.Standard ? Digest : Inline);
        if (place == InFile && !isFile)
            throw new DiagnosticException(CliCodes.Usage, "--constants file: there is no file beside which they could stand",
                hint: "pass -o FILE, or --constants inline");
        if (place == InFile)
            foreach (var file in ModelText.Beside(graphs, InputFile.DisplayName(target), printing).Reverse())
                AtomicFile.Write(Path.Combine(Path.GetDirectoryName(target) ?? "", file.Name), file.Write);
        else
            TextOutput.Write(session, target, TextPrinter.Print(graphs, printing with { Whole = place == Inline }));
    }
}

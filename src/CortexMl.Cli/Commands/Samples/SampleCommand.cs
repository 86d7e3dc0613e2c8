using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Runs;

namespace CortexMl.Cli.Commands.Samples;

/// <summary><c>cortexml sample</c>: writes a trained network and its data, to try everything else on.</summary>
internal static class SampleCommand
{
    private const string Description = """
        Write a trained network with its data and a run file into a folder, to try the other commands; without a name, list them.

        Examples:
          cortexml sample
          cortexml sample mnist-dapp -o digits
          cortexml compile digits/run.json
        """;

    public static Command Create(Session session)
    {
        var name = new Argument<string?>("NAME") { Description = "Which one", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "DIR", Description = "Folder for the files; one of the sample's name where left out",
        };
        var replace = new Option<bool>("--replace") { Description = "Take the place of files that are there" };
        var quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("sample", Description) { name, output, replace, quiet };
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            if (parsed.GetValue(name) is { } wanted)
                Write(session, Find(wanted), TextOutput.Folder(parsed.GetValue(output) ?? wanted), parsed.GetValue(replace));
            else session.Terminal.Write(OpsText.Columns(SampleNetwork.All.Select(sample => (sample.Name, sample.What))));
            return ExitCodes.Ok;
        });
        return command;
    }

    /// <exception cref="DiagnosticException">CML0940: files of these names are there; CML0103 of writing.</exception>
    private static void Write(Session session, SampleNetwork sample, string folder, bool replaces)
    {
        string[] there = [.. sample.Files.Append(RunFile.FileName).Where(file => Path.Exists(Path.Combine(folder, file)))];
        if (there.Length > 0 && !replaces)
            throw new DiagnosticException(CliCodes.Usage, $"'{folder}' holds already: {string.Join(", ", there)}",
                hint: "pass --replace, or -o with another folder");
        OutputFolder.Write(folder, sample.ToOutput());
        if (!session.IsQuiet)
            session.Terminal.Error.Write(
                $"'{folder}' holds {sample.What}; compile it: cortexml compile {Path.Combine(folder, RunFile.FileName)}\n");
    }

    /// <exception cref="DiagnosticException">CML0940: there is none of that name.</exception>
    private static SampleNetwork Find(string name) => SampleNetwork.All.FirstOrDefault(sample => sample.Name == name)
        ?? throw new DiagnosticException(CliCodes.Usage, $"there is no sample '{Printable.Name(name)}'",
            hint: Nearest.Hint(name, SampleNetwork.All.Select(s => s.Name), "'cortexml sample' lists them"));
}

using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Cli.Samples;
using CortexMl.Files;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml sample</c>: something to compile where there is no clone.</summary>
internal static class SampleCommand
{
    private const string Description = """
        Write a trained network with its data into a folder, to try the other commands on; without a name, list what there is.

        The command carries them; nothing is fetched. Files of the same names are replaced. The compilation that it is there for is printed.

        Examples:
          cortexml sample
          cortexml sample mnist-dapp -o digits
        """;

    public static Command Create(Session session)
    {
        var name = new Argument<string?>("NAME") { Description = "Which of them", Arity = ArgumentArity.ZeroOrOne };
        var output = new Option<string?>("--output", "-o") { HelpName = "DIR", Description = "Folder for its files [default: NAME]" };
        var quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("sample", Description) { name, output, quiet };
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            if (parsed.GetValue(name) is { } wanted) Write(session, EmbeddedSample.Find(wanted), parsed.GetValue(output) ?? wanted);
            else session.Terminal.Write(OpsText.Columns(EmbeddedSample.All.Select(sample => (sample.Name, sample.What))));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static void Write(Session session, EmbeddedSample sample, string folder)
    {
        OutputFolder.Write(TextOutput.Folder(folder), sample.Files());
        if (!session.IsQuiet) session.Terminal.Write($"{sample.Command(folder)}\n");
    }
}

using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Comparing;
using CortexMl.Diagnostics;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml bisect</c>: the pass, and its rewrite, behind which a condition fails.</summary>
internal static class BisectCommand
{
    private const string Description = """
        Find the pass that breaks a network, and of its rewrites the first that does, with the rule that made it.

        --while says what holds of a good network: accuracy >= 0.9 (with labels), agreement >= 99 % (with the loaded network), db >= 30 (the
        noisiest output), node-db >= 20 (the noisiest value), or a command that ends with exit code 0 on the network's text, whose path
        stands for {}. It must hold of the network as it is loaded. The pipeline runs once; the network is looked at after passes, by
        halving, then after rewrites of the one that was found. compare shows the same values one by one.

        Exit code: 0 the condition holds to the end, 1 the pass was found.

        Examples:
          cortexml bisect mnist-symbol.json --data images.npy --scale 1/255 --while "agreement >= 99 %"
          cortexml bisect mnist-symbol.json --data images.npy --labels labels.npy --scale 1/255 --while "accuracy > 0.95"
          cortexml bisect net.cml --random 4 --passes canonicalize,my-pass --plugin mine.dll --while "db >= 60"
          cortexml bisect net.cml --random 4 --while "python3 has-no-bug.py {}"
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("MODEL") { Description = "A model, or a text of any level" };
        var condition = new Option<string>("--while")
        {
            HelpName = "CONDITION", Required = true,
            Description = "What holds of a good network: a figure with its least value, or a command",
        };
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("bisect", Description) { model, condition, json, quiet };
        var compared = new ComparedArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var request = compared.Read(parsed, session, parsed.GetValue(model)!, null);
            var report = session.WithProgress(progress =>
                Bisection.Run(request, parsed.GetValue(condition)!, CommandLine.RunSilently, session.Notes, progress));
            session.ShowNotes();
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(report));
            else session.Terminal.Write(string.Concat(report.Probes.Select(Line)) + $"{report.Verdict}\n");
            return report.Step is null ? ExitCodes.Ok : ExitCodes.Failed;
        },
        parsed => compared.Checks(parsed, parsed.GetValue(model)!));
        return command;
    }

    private static string Line(ProbedStage probe) => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"{(probe.Holds ? "holds" : "fails")}  {Printable.Escape(probe.What)}{(probe.Figure is { } figure ? $": {figure:0.####}" : "")}\n");
}

using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Comparing;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml compare</c>: two networks node by node.</summary>
internal static class CompareCommand
{
    private const string Description = """
        Run two networks on the same data, compare every value that both have, and name the first that is bad.

        A and B are models or compiled folders. Without B it is what the pipeline makes of A; --stage PASS looks at it after the first run
        of that pass ('canonicalize#2' is the second), --from PASS at A. Values are paired by what they stand for in the loaded network,
        whatever passes made of them. Each gets its signal-to-noise ratio in dB, the cosine, the largest error and the share of integers
        that stand at their limit. A compiled folder does not tell the scales of its inner values: those that fit best are taken.

        The first node below --min-db (20 dB, 60 between float networks) is named. With --min-db there is exit code 1 where one is below it.
        Calibration is done on the same data where --calibration names no file.

        Examples:
          cortexml compare mnist-symbol.json --data images.npy --scale 1/255
          cortexml compare mnist-symbol.json --data images.npy --scale 1/255 --stage fuse-scale --min-db 80
          cortexml compare mnist-symbol.json --data images.npy --scale 1/255 --from quantize --stage lower-cvm
          cortexml compare net.cml --random 8 --stage my-pass --passes canonicalize,my-pass --plugin mine.dll --csv
          cortexml compare mnist-symbol.json out --data images.npy
        """;

    public static Command Create(Session session)
    {
        var first = new Argument<string>("A") { Description = "What is right: a model or a compiled folder" };
        var second = new Argument<string?>("B")
        {
            Description = "The other: a model or a compiled folder; A behind the pipeline where left out", Arity = ArgumentArity.ZeroOrOne,
        };
        var stage = new Option<string?>("--stage") { HelpName = "PASS", Description = "Look at B (or at A's pipeline) after this pass" };
        var from = new Option<string?>("--from")
        {
            HelpName = "PASS", Description = "Look at A after this pass; as it is loaded where left out",
        };
        var limit = new NumberOption<double?>("--min-db")
        {
            Bounds = new(-200, 400), HelpName = "DB", Description = "A node below this is bad, and the exit code 1 where one is",
        };
        var csv = new Option<bool>("--csv") { Description = "Write a line a node to standard output" };
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("compare", Description) { first, second, stage, from, limit, csv, json, quiet };
        var compared = new ComparedArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var request = compared.Read(parsed, session, parsed.GetValue(first)!, parsed.GetValue(second)) with
            {
                Stage = parsed.GetValue(stage),
                From = parsed.GetValue(from),
                Limit = parsed.GetValue(limit),
            };
            var report = session.WithProgress(progress => NetworkComparison.Run(request, session.Notes, progress));
            session.ShowNotes();
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(report));
            else if (parsed.GetValue(csv)) session.Terminal.Write(report.ToCsv());
            else ComparisonTables.Show(session.Terminal.Console, report);
            return report.FirstBad is not null && parsed.GetValue(limit) is not null ? ExitCodes.Failed : ExitCodes.Ok;
        },
        parsed => compared.Checks(parsed, Models(parsed)));
        return command;

        IEnumerable<string> Models(ParseResult parsed) =>
            parsed.GetValue(second) is { } other ? [parsed.GetValue(first)!, other] : [parsed.GetValue(first)!];
    }
}

using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnosing;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml doctor</c>: which preparation of the data fits a float network?</summary>
internal static class DoctorCommand
{
    private const int Standard = 200;

    private const string Description = """
        Find out why a float network names the wrong classes: it is run under the usual preparations and mistakes, starting from the options given.

        Tried are scales (1/255, 1/127.5 - 1, 1/128), means and deviations, doubled and missing normalisation, inverted images, RGB or BGR, the layout of
        arrays, and labels that count from 1, are shifted, sorted as texts or in another order. Labels are needed: nothing else tells right from wrong.
        It takes 200 samples, or as --limit says, of all classes in turn; the table is sorted by accuracy.

        Example:
          cortexml doctor mnist.onnx --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --scale 1/255
        """;

    public static Command Create(Session session)
    {
        var model =
            new Argument<string>("MODEL") { Description = "A float model: x-symbol.json, x.onnx, x.cml, or a folder with one of them" };
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("doctor", Description) { model, json, quiet };
        var data = new DataArguments(command, SampleCounts.OfRunning(), knowsStored: false);
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var given = data.Required(parsed);
            var report = session.WithProgress(progress => Doctor.Run(
                parsed.GetValue(model)!, modelOptions.Read(parsed), given with { Limit = null }, given.Limit ?? Standard,
                session.Notes, progress));
            session.ShowNotes();
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(report));
            else Tables.Show(session.Terminal.Console, report);
            return ExitCodes.Ok;
        },
        parsed => [.. modelOptions.Checks(parsed, parsed.GetValue(model)!), .. data.Checks(parsed)]);
        return command;
    }
}

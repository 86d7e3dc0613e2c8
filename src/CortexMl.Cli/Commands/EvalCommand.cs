using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
using CortexMl.Preparing;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml eval</c>: accuracy of models, and their agreement.</summary>
internal static class EvalCommand
{
    private const string Description = """
        Measure models on labelled data: a float MODEL gives the float figure, a compiled DIR the integer one.

        With several models it also says how often all of them name the same class.

        --metric measures something else than classes, of each model against labels, or against the first float MODEL:
          top5 and top1 want classes, verification wants a number for each person or thing;
          miou wants maps, [N, H, W] as .npy or IDX, or a folder of grey images in the order of the samples; 255 does not count;
          mae wants numbers, .npy of the output's shape or text with the numbers of a sample on a line;
          agreement, db, cosine and boxes take no labels; miou and mae without labels compare with the float network, too.
        A drop is that of the last MODEL: shares in points, others in their unit.

        With labels it tells the classes that are named worst, and which are taken for which; --json has all of them. --differences DIR
        saves the samples of which the models name different classes: differences.csv, samples.npy and labels.txt to run them again, and a
        PNG of each that is a picture, named by its index.

        Examples:
          cortexml eval mnist-symbol.json out --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --scale 1/255
          cortexml eval mnist-symbol.json out --data t10k-images-idx3-ubyte.gz --scale 1/255 --differences differing
          cortexml eval deeplab.onnx out --data street --labels street-maps --metric miou
          cortexml eval arcface.onnx out --data faces --metric verification
          cortexml eval age.onnx out --data faces --labels ages.csv --metric mae
          cortexml eval ultraface.onnx out --data photos --metric boxes --json
        """;

    public static Command Create(Session session)
    {
        var models = new Argument<string[]>("MODEL") { Description = "Models, compiled folders or both", Arity = ArgumentArity.OneOrMore };
        var inputScale = CommonOptions.InputScale();
        var engine = CommonOptions.Engine();
        var metricName = CommonOptions.Metric();
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        var differences = new Option<string?>("--differences")
        {
            HelpName = "DIR", Description =
                "Save the samples of which the models name different classes: a table, the samples, pictures of them",
        };
        Option<bool> integer = CommonOptions.Integer(), json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("eval", Description)
        {
            models, metricName, differences, engine, device, threads, inputScale, integer, json, quiet,
        };
        var data = new DataArguments(command, SampleCounts.OfRunning(), streams: true);
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var options = new RunOptions
            {
                Engine = parsed.GetValue(engine)!, Device = parsed.GetValue(device), Threads = parsed.GetValue(threads),
                InputScale = parsed.GetValue(inputScale), Integer = parsed.GetValue(integer),
            };
            var notes = session.Notes;
            var metric = MetricTable.Given(parsed.GetValue(metricName));
            bool ranksClasses = metric is null or { RanksClasses: true };
            var wanted = data.Required(parsed) with { LabelsAreClasses = metric is not { TakesValues: true } };
            var given = ModelData.Open(parsed.GetValue(models)!, modelOptions.Read(parsed), wanted, options.Integer, notes);
            var question = metric is null ? null : MetricQuestion.Of(metric, wanted.Labels, given, notes);
            var choices = new List<EngineChoice>();
            Evaluation result;
            var differing = new List<NamedClasses>();
            string? folder = parsed.GetValue(differences) is { } path ? TextOutput.Folder(path) : null;
            if (folder is not null && (given.Count < 2 || !ranksClasses))
                throw new DiagnosticException(CliCodes.Usage, "--differences is about classes that several models name",
                    hint: "name the float MODEL and the compiled DIR, and no --metric about something else");
            if (folder is not null) OutputFolder.CheckWritable(folder);
            try
            {
                foreach (var (model, _) in given)
                {
                    if (ranksClasses) OutputNotes.AboutClasses(model, notes);
                    choices.Add(EngineChoice.Of(model, options));
                    choices[^1].Tell(notes);
                }
                if (ranksClasses) ClassDoubts.Tell(given, notes, needsLabels: given.Count == 1);
                session.ShowNotes();
                result = session.WithProgress(progress => Evaluator.Run(
                    [.. choices.Zip(given, (choice, g) => (choice, g.Samples))], progress, notes, question, folder is null ? null : differing));
            }
            finally
            {
                foreach (var choice in choices) choice.Dispose();
            }
            session.ShowNotes(DataDoubts.Of(given, options.Integer));
            if (folder is not null && given[0].Samples is SampleSource samples)
                OutputFolder.Write(folder, Differences.Of([.. given.Select(g => g.Model.LevelName)], differing, samples, samples.Naming));
            if (parsed.GetValue(json)) session.Terminal.Write(JsonText.Write(result));
            else Tables.Show(session.Terminal.Console, result);
            return ExitCodes.Ok;
        },
        parsed =>
        [
            .. modelOptions.Checks(parsed, parsed.GetValue(models)!),
            .. data.Checks(parsed, metric: MetricTable.Given(parsed.GetValue(metricName))),
            () => EngineChoice.CheckName(parsed.GetValue(engine)!),
        ]);
        return command;
    }
}

using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Data;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Evaluating.Metrics;
using CortexMl.Files;
using CortexMl.Preparing;
using CortexMl.Running;
using CortexMl.Sharding;

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

        --shard I/N measures a part of the samples, for another machine or process; cortexml merge joins the parts of all N to the JSON of
        one run, byte by byte, with what it would warn of.

        Examples:
          cortexml eval mnist-symbol.json out --data t10k-images-idx3-ubyte.gz --labels t10k-labels-idx1-ubyte.gz --scale 1/255
          cortexml eval mnist-symbol.json out --data t10k-images-idx3-ubyte.gz --scale 1/255 --differences differing
          cortexml eval deeplab.onnx out --data street --labels street-maps --metric miou
          cortexml eval arcface.onnx out --data faces --metric verification
          cortexml eval age.onnx out --data faces --labels ages.csv --metric mae
          cortexml eval ultraface.onnx out --data photos --metric boxes --json
          cortexml eval net.onnx out --data val --labels val.txt --shard 3/16 -o parts/3.part --resume
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
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "FILE", Description = "Write the figures as JSON, - for standard output; with --shard the part",
        };
        Option<bool> integer = CommonOptions.Integer(), json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("eval", Description)
        {
            models, metricName, differences, engine, device, threads, inputScale, integer, output, json, quiet,
        };
        var shards = new ShardArguments(command);
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
            var wanted = data.Required(parsed) with { LabelsAreClasses = metric is not { TakesValues: true } };
            string? target = parsed.GetValue(output), folder = parsed.GetValue(differences) is { } path ? TextOutput.Folder(path) : null;
            var shard = shards.Given(parsed);
            if (shard is not null)
            {
                foreach (string model in parsed.GetValue(models)!) ShardArguments.CheckFile(model);
                Refuse(wanted, folder, target, parsed.GetValue(json));
            }
            var given = ModelData.Open(parsed.GetValue(models)!, modelOptions.Read(parsed), wanted, options.Integer, notes);
            var range = session.Merging is not null ? new SampleRange(0, 0) : shard?.RangeOf(given[0].Samples.Count);
            var run = new EvalRun(session, options, given,
                metric is null ? null : MetricQuestion.Of(metric, wanted.Labels, given, notes, range));
            if (shard is not null || session.Merging is not null)
            {
                var head = new PartHead(
                    PartKind.Evaluation, PartHead.ThisCompiler, shard ?? new(1, 1), given[0].Samples.Count, CallWords.Of(parsed),
                    EvaluationParts.Facts(given, metric, CallWords.Options(parsed)));
                if (session.Merging is { } parts) return run.Show(run.Merged(parts, head), target, parsed.GetValue(json));
                if (!shards.IsThere(parsed, target!, head, session)) ShardArguments.Write(session, target!, run.Part(head));
                return ExitCodes.Ok;
            }
            if (folder is not null && (given.Count < 2 || !run.RanksClasses))
                throw new DiagnosticException(CliCodes.Usage, "--differences is about classes that several models name",
                    hint: "name the float MODEL and the compiled DIR, and no --metric about something else");
            if (folder is not null) OutputFolder.CheckWritable(folder);
            var differing = new List<NamedClasses>();
            var result = run.Whole(folder is null ? null : differing);
            if (folder is not null && given[0].Samples is SampleSource samples)
                OutputFolder.Write(folder, Differences.Of([.. given.Select(g => g.Model.LevelName)], differing, samples, samples.Naming));
            return run.Show(result, target, parsed.GetValue(json));
        },
        parsed =>
        [
            .. modelOptions.Checks(parsed, parsed.GetValue(models)!),
            .. data.Checks(parsed, metric: MetricTable.Given(parsed.GetValue(metricName))),
            () => EngineChoice.CheckName(parsed.GetValue(engine)!),
        ]);
        return command;
    }

    /// <summary>What a part cannot say, or would not.</summary>
    private static void Refuse(DataOptions data, string? folder, string? target, bool json)
    {
        if (data.States is not null)
            throw new DiagnosticException(ShardCodes.Indivisible,
                "--stream: a sample takes over what the one before it left; such data cannot be cut into shards",
                hint: "leave --shard out, or cut the recordings themselves: an evaluation each");
        if (FileKinds.Of(data.Path) is FileKind.Pipe or FileKind.Device)
            throw new DiagnosticException(ShardCodes.Indivisible, $"'{data.Path}' can be read once, by one process",
                hint: "write the data into a file first");
        if (folder is not null)
            throw new DiagnosticException(ShardCodes.Indivisible, "--differences saves samples; a part holds counts alone",
                hint: "leave --differences out, and pass it without --shard where the figures ask for a look");
        if (target is null || json)
            throw new DiagnosticException(CliCodes.Usage,
                target is null ? "--shard makes a part, and no file is named for it" : "--json: with --shard the output is a part",
                hint: target is null ? "pass -o FILE, a name that ends with .part" : "leave --json out; cortexml merge writes the JSON");
    }
}

using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Compiling;
using CortexMl.Float;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Passes;
using CortexMl.Sharding;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml calibrate</c>: the thresholds of a float model.</summary>
internal static class CalibrateCommand
{
    private const string Description = """
        Run a float model on typical inputs and write how far its values reach.

        The file can be edited by hand and given to compile in place of data. What was found and what to do with it is told.

        Examples:
          cortexml calibrate mnist-symbol.json --data calibration.npy --scale 1/255 -o mnist.calibration.json
          cortexml calibrate net.onnx --data train.npy -o net.calibration.json --passes 'default,calibrate{method=percentile}@instead'
          cortexml print net.onnx | cortexml calibrate - --data train.npy -o net.calibration.json
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("MODEL")
        {
            Description = "x-symbol.json, x.onnx, x.cml, a folder with one of them, or - for a text on standard input",
        };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FILE", Description = "The calibration file, - for standard output", Required = true,
        };
        var floatEngine = CommonOptions.FloatEngine();
        var quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("calibrate", Description + "\n\n" + ChoiceTexts.Methods()) { model, output, floatEngine, quiet };
        var data = new DataArguments(command, SampleCounts.OfCalibrating(), knowsStored: false, streams: true);
        var modelOptions = new ModelArguments(command);
        var passes = new PassArguments(command);
        var shards = new ShardArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var shard = shards.Given(parsed);
            passes.LoadPlugins(parsed);
            var watch = passes.Watching(parsed, session);
            var notes = session.Notes;
            data.WarnOfLabels(parsed, notes, "accuracy is measured by cortexml eval");
            var options = new CompileOptions
            {
                Data = data.Required(parsed) with { Labels = null }, Preprocessing = data.Preprocessing(parsed),
                Pipeline = passes.Pipeline(parsed), StopAfter = passes.StopAfter(parsed) ?? Last(passes, parsed),
                Skip = passes.Skip(parsed), RewriteLimit = passes.RewriteLimit(parsed),
                Plugins = passes.Plugins(parsed), VerifyEach = passes.VerifyEach(parsed), Instrumentations = watch.Instrumentations,
                FloatEngine = parsed.GetValue(floatEngine) ?? FloatEngines.Portable,
            };
            if (shard is not null) ShardArguments.CheckFile(parsed.GetValue(model)!);
            var read = GivenText.Model(session, parsed.GetValue(model)!,
                modelOptions.Read(parsed) with { ShapeOfData = input => CalibrationHead.ShapeOf(input, options) });
            if (passes.Prints(parsed))
            {
                session.Terminal.Write($"{Compiler.PipelineOf(read, options)}\n");
                return ExitCodes.Ok;
            }
            string target = parsed.GetValue(output)!;
            if (shard is not null)
            {
                var head = CalibrationParts.Head(read, options, shard, CallWords.Of(parsed), CallWords.Options(parsed));
                if (shards.IsThere(parsed, target, head, session)) return ExitCodes.Ok;
                byte[] part = session.WithProgress(progress => CalibrationParts.Run(head, read, options, notes, progress));
                session.ShowNotes();
                watch.Show(session);
                ShardArguments.Write(session, target, part);
                return ExitCodes.Ok;
            }
            string text = session.WithProgress(progress => session.Merging is { } parts
                ? CalibrationParts.Merge(parts, read, options, CallWords.Options(parsed), notes, progress)
                : Compiler.Calibrate(read, options, notes, progress));
            session.ShowNotes();
            watch.Show(session);
            TextOutput.Write(session, target, text);
            if (!session.IsQuiet) session.Terminal.Error.Write(CalibrationSummary.Of(text, parsed.GetValue(model)!, target));
            return ExitCodes.Ok;
        },
        parsed => [.. modelOptions.Checks(parsed, parsed.GetValue(model)!), .. data.Checks(parsed), .. passes.Checks(parsed)]);
        return command;
    }

    /// <summary>The last pass that notes something in the calibration file, edits of the pipeline made.</summary>
    private static string Last(PassArguments passes, ParseResult parsed)
    {
        var registry = PassTable.Registry();
        foreach (string plugin in passes.Plugins(parsed)) registry.LoadPlugin(plugin);
        var names = registry.Resolve(passes.Pipeline(parsed) ?? Pipeline.Parse(DefaultPipeline.Name), Level.Float).Steps
            .Select(s => s.Pass).ToList();
        // quantize rounds weights by what measure-layers found.
        int measures = names.IndexOf("measure-layers"), quantizes = names.IndexOf("quantize");
        if (measures >= 0 && quantizes > measures) return "quantize";
        return names.LastOrDefault(p => p is "choose-widths" or "measure-layers") ?? "calibrate";
    }
}

using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Diagnostics;
using CortexMl.Sharding;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml merge</c>: parts of a run that was cut into shards become its result.</summary>
internal static class MergeCommand
{
    private const string Description = """
        Join the parts that --shard wrote: the file is, byte by byte, that of one run.

        Parts of calibrate become the calibration file, parts of eval the JSON of eval --json. They are named in any order; a folder stands
        for its files *.part. All of one run must be there, each once. The call that made them is read from them: model and data are opened
        where they lay then, seen from the current folder, or where --model and --data say. They must be the same: digests are compared.

        Examples:
          cortexml calibrate net.onnx --data train --shard 1/16 -o parts/1.part
          cortexml merge parts -o net.calibration.json
          cortexml merge 'eval-*.part' -o eval.json --model net.onnx --model out --data imagenet/val
        """;

    public static Command Create(Session session)
    {
        var parts = new Argument<string[]>("PART")
        {
            Description = "Parts, folders of them (*.part) and patterns ('run/*.part')", Arity = ArgumentArity.OneOrMore,
        };
        var output = new Option<string>("--output", "-o")
        {
            HelpName = "FILE", Description = "The result, - for standard output", Required = true,
        };
        var models = new Option<string[]>("--model")
        {
            HelpName = "MODEL", DefaultValueFactory = _ => [],
            Description = "Where the model lies now; of several models each, in the order of the call",
        };
        var data = new Option<string?>("--data") { HelpName = "DATA", Description = "Where the data lie now" };
        var labels = new Option<string?>("--labels") { HelpName = "FILE", Description = "Where the labels lie now" };
        var plugins = CommonOptions.Plugins("Class library that the parts were made with: it is loaded only if it is named here");
        var quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("merge", Description) { parts, output, models, data, labels, plugins, quiet };
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var set = PartSet.Open(PartFiles.Named(parsed.GetValue(parts)!));
            // Before anything loads them.
            CalibrationParts.CheckPlugins(set, parsed.GetValue(plugins)!);
            var moved = new MovedFiles(
                parsed.GetValue(models)!, parsed.GetValue(data), parsed.GetValue(labels), parsed.GetValue(plugins)!);
            return MergedCall.Run(session, set, moved, parsed.GetValue(output)!, session.IsQuiet);
        });
        return command;
    }
}

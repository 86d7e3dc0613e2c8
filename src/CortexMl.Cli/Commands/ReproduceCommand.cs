using System.CommandLine;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Compiling;
using CortexMl.Float;
using CortexMl.Loading;
using CortexMl.Verifying;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml reproduce</c>: does a compiled folder come out of this network and these data?</summary>
internal static class ReproduceCommand
{
    private const string Description = """
        Compile a network once more as a folder says that it was compiled, and compare the files: exit 0 the same bytes, 1 they differ.

        The folder tells the passes, the preparation of the data and how many samples calibrated it; options replace them one by one. So
        whoever has the network and the data can find out whether a published model is theirs.

        Examples:
          cortexml reproduce out --model mnist-symbol.json --data calibration.npy
          cortexml reproduce out --model net.onnx --data images --samples 256 --json
          cortexml reproduce out --model net.onnx --data images --plugin my-passes.dll
        """;

    public static Command Create(Session session)
    {
        var folder = new Argument<string>("DIR") { Description = "A folder that compile has written" };
        var model = new Option<string>("--model")
        {
            HelpName = "MODEL", Description = "The network: x-symbol.json, x.onnx, x.cml, or a folder with one of them", Required = true,
        };
        var floatEngine = CommonOptions.FloatEngine();
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var plugins = CommonOptions.Plugins("Class library with passes, rows or calibration methods that the folder was compiled with");
        var command = new TaughtCommand("reproduce", Description) { folder, model, plugins, floatEngine, json, quiet };
        var data = new DataArguments(command, SampleCounts.OfCalibrating(), streams: true);
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            PipelineCheck.Check(null, null, parsed.GetValue(plugins)!);
            var notes = session.Notes;
            data.WarnOfLabels(parsed, notes, "accuracy is measured by cortexml eval");
            string path = parsed.GetValue(folder)!;
            var reading = modelOptions.Read(parsed);
            var compiled = ModelLoader.Load(path, new ModelOptions
            {
                NeedsIntegers = true, MaxMemory = reading.MaxMemory, AcceptsEdited = reading.AcceptsEdited,
            });
            var options = Reproduction.Options(path, compiled, data.Required(parsed)) with
            {
                DropsStored = data.DropsStored(parsed),
                FloatEngine = parsed.GetValue(floatEngine) ?? FloatEngines.Portable,
                Plugins = parsed.GetValue(plugins)!,
            };
            var network = ModelLoader.Load(parsed.GetValue(model)!,
                reading with { ShapeOfData = input => CalibrationHead.ShapeOf(input, options) }, notes);
            var made = session.WithProgress(progress => Compiler.Compile(network, options, notes, progress));
            session.ShowNotes(made.Diagnostics);
            var files = Reproduction.Compare(path, made.Files);
            if (parsed.GetValue(json)) session.Terminal.Write(FileSchemas.Write(new ReproducedList(files)));
            else session.Terminal.Write(Lines(files));
            return files.All(f => f.Difference is null) ? ExitCodes.Ok : ExitCodes.Failed;
        },
        parsed => [.. modelOptions.Checks(parsed, parsed.GetValue(folder)!, parsed.GetValue(model)!), .. data.Checks(parsed)]);
        return command;
    }

    private static string Lines(IReadOnlyList<ReproducedFile> files) =>
        string.Concat(files.Select(f => $"{f.Name}: {f.Difference ?? "the same bytes"}\n"));
}

/// <summary>The JSON of <c>cortexml reproduce</c>.</summary>
internal sealed record ReproducedList(IReadOnlyList<ReproducedFile> Files);

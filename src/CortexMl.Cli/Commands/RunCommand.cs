using System.CommandLine;
using CortexMl.Auditing;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Presentation;
using CortexMl.Data;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Engines.Interpreter;
using CortexMl.Loading;
using CortexMl.Preparing;
using CortexMl.Reports;
using CortexMl.Running;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml run</c>: outputs of a model.</summary>
internal static class RunCommand
{
    private const string Description = """
        Run a model on data and print what it predicts, or write its outputs.

        Outputs bear the network's names and have its shapes; -o writes the compiled model's integers (int32, real · scale of
        model.io.json). Where it leaves a last softmax to its reader (lastStep there), -o writes what the network returns
        (f32): that is done here in float, unless --raw.

        --transcript writes digests of the model, its input and what every layer made, for cortexml audit; --values adds the values
        themselves with their proofs. Both are of one sample, and computed on the interpreter.

        With --raw-input the bytes are those of the chain's interface: int8, or int32 where the input's precision is above 8.

        Examples:
          cortexml run out --data test-images.npy --labels test-labels.npy
          cortexml run out --data cat.png -o scores.npy
          cortexml run out cat.png dog.jpg 'photos/*.webp'
          cortexml run out --raw-input input.bin --raw-output output.bin
          cortexml run out --data two-inputs.npz -o outputs.npz
          cortexml run out --data spectra.npy --stream -o cleaned.npz
          cortexml run out --raw-input input.bin --raw-output output.bin --transcript transcript.json --values values.npz
        """;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("MODEL") { Description = "A model or a compiled folder" };
        var files = new Argument<string[]>("FILE")
        {
            Description = "In place of --data: images, or patterns of them ('photos/*.png')", Arity = ArgumentArity.ZeroOrMore,
        };
        var output = new Option<string?>("--output", "-o")
        {
            HelpName = "FILE.npy", Description = "Write the outputs [N, …] (of several outputs FILE.npz), - for standard output",
        };
        var raw = new Option<bool>("--raw")
        {
            Description = "What the compiled model itself returns: leave out a last step (softmax), and a tail",
        };
        var rawInput = new Option<string[]>("--raw-input")
        {
            HelpName = "FILE",
            Description = "The input's bytes, little-endian, - for standard input; of several inputs all in order, or NAME=FILE for each",
            DefaultValueFactory = _ => [],
        };
        var rawOutput =
            new Option<string?>("--raw-output") { HelpName = "FILE", Description = "The output's bytes, - for standard output" };
        var bigEndian = new Option<bool>("--big-endian") { Description = "Words of 4 bytes in the chain's order" };
        var profile = new Option<string?>("--profile")
        {
            HelpName = "DEVICE", Description = "Whose arithmetic where devices differ: definition or reference-cpu",
        }
            .From("definition", "reference-cpu");
        var transcript = new TranscriptArguments();
        var inputScale = CommonOptions.InputScale();
        var engine = CommonOptions.Engine();
        var device = CommonOptions.Device();
        var threads = CommonOptions.Threads();
        Option<bool> integer = CommonOptions.Integer(), json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("run", Description)
        {
            model, files, output, raw, rawInput, rawOutput, bigEndian, profile, engine, device, threads, inputScale, integer, json, quiet,
        };
        transcript.AddTo(command);
        var data = new DataArguments(command, SampleCounts.OfRunning(), streams: true, files: files);
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            transcript.Check(parsed, parsed.GetValue(profile));
            var options = new RunOptions
            {
                Engine = parsed.GetValue(engine)!, Device = parsed.GetValue(device), Threads = parsed.GetValue(threads),
                InputScale = parsed.GetValue(inputScale), Integer = parsed.GetValue(integer),
                Profile = parsed.GetValue(profile) == "reference-cpu" ? InterpreterProfile.ReferenceCpu : InterpreterProfile.Definition,
            };
            var notes = session.Notes;
            string path = parsed.GetValue(model)!;
            string? target = parsed.GetValue(output);
            if (parsed.GetValue(rawInput) is { Length: > 0 } files)
            {
                if (target is not null || parsed.GetValue(json))
                    throw new DiagnosticException(CliCodes.Usage, "--raw-input gives bytes: --output and --json do not go with it",
                        hint: "pass --raw-output FILE");
                data.RefuseBeside("--raw-input", parsed);
                var read = ModelLoader.Load(path, modelOptions.Read(parsed), notes);
                byte[] bytes = RawInputFiles.Read(session, read, files);
                using var engineOfBytes = EngineChoice.Of(read, options);
                engineOfBytes.Tell(notes);
                session.ShowNotes();
                byte[] result = RawRun.Run(engineOfBytes, bytes, parsed.GetValue(bigEndian));
                transcript.Write(parsed, read, () => TranscriptInputs.Of(read, bytes, parsed.GetValue(bigEndian)));
                TextOutput.Write(session, parsed.GetValue(rawOutput) ?? TextOutput.Standard, stream => stream.Write(result));
                return ExitCodes.Ok;
            }
            if (parsed.GetValue(rawOutput) is not null)
                throw new DiagnosticException(CliCodes.Usage, "--raw-output goes with --raw-input alone",
                    hint: "pass -o FILE.npy for outputs as arrays");
            if (target == TextOutput.Standard && parsed.GetValue(json))
                throw new DiagnosticException(CliCodes.Usage, "standard output takes the arrays of -o or the JSON of --json, not both",
                    hint: "pass -o FILE");
            var (loaded, samples) = ModelData.Open([path], modelOptions.Read(parsed), data.Required(parsed), options.Integer, notes)[0];
            if (parsed.GetValue(raw)) loaded = loaded with { Tail = null };
            if (target is not null) OutputArrays.Check(loaded, target);
            transcript.Write(parsed, loaded, () => TranscriptInputs.Of(loaded, samples, options));
            if (target is null || parsed.GetValue(json))
            {
                OutputNotes.AboutClasses(loaded, notes);
                ClassDoubts.Tell([(loaded, samples)], notes, needsLabels: false);
            }
            if (target is not null || parsed.GetValue(json)) OutputNotes.AboutLastSteps(loaded, parsed.GetValue(raw), notes);
            using var choice = EngineChoice.Of(loaded, options);
            choice.Tell(notes);
            session.ShowNotes();
            var ran = session.WithProgress(progress => Batch.Run(choice, samples, progress));
            session.ShowNotes([.. DataDoubts.Of([(loaded, samples)], options.Integer), .. SaturationDoubts.OfInputs(ran, samples)]);
            if (target is not null)
                TextOutput.Write(session, target, stream => OutputArrays.Write(stream, loaded, ran.Results, target, parsed.GetValue(raw)));
            if (target is not null && !parsed.GetValue(json)) return ExitCodes.Ok;
            var form = parsed.GetValue(json) ? PredictionForm.Json : PredictionForm.Lines;
            Predictions.Show(
                session, ran, form, Preparation.Of(samples), parsed.GetValue(raw), (samples as SampleSource)?.Naming);
            return ExitCodes.Ok;
        },
        parsed =>
        [
            () => transcript.Check(parsed, parsed.GetValue(profile)), .. modelOptions.Checks(parsed, parsed.GetValue(model)!),
            () => EngineChoice.CheckName(parsed.GetValue(engine)!),
            .. data.Checks(parsed, isNeeded: parsed.GetValue(rawInput) is not { Length: > 0 }),
        ]);
        return command;
    }
}

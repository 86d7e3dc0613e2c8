using System.CommandLine;
using System.Globalization;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Data.Preprocess;
using CortexMl.Diagnostics;
using CortexMl.Loading;
using CortexMl.Preparing;
using CortexMl.Running;
using CortexMl.Verifying;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml verify</c>: do all engines give the same numbers?</summary>
internal static class VerifyCommand
{
    private const string Description = """
        Run an integer model on all engines and compare every value that they can show: exit 0 all agree, 1 they differ.

        Where --engines is left out, all that can run the model here are compared; ilgpu-cpu, which simulates a device, only on a small model. The cpu
        engine is run with every instruction set that this machine has, on 1 and on 2 threads. Fast engines show the values at the ends of fused
        groups. The digest of the outputs is for comparing two machines by eye: the same inputs give the same digest everywhere.

        Examples:
          cortexml verify out --random 10
          cortexml verify out --data test-images.npy --limit 100 --engines interpreter,cpu
        """;

    private const int DefaultSamples = 4;

    public static Command Create(Session session)
    {
        var model = new Argument<string>("DIR") { Description = "A compiled folder" };
        var random = new NumberOption<int?>("--random")
        {
            Bounds = new(1), HelpName = "N", Description = "Use N inputs made from a seed (the default, with 4)",
        };
        var engines = new Option<string?>("--engines") { HelpName = "A,B", Description = "Engines to compare, the one that is right first; all at hand where left out" };
        var device = CommonOptions.Device();
        var inputScale = CommonOptions.InputScale();
        Option<bool> integer = CommonOptions.Integer(), json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("verify", Description) { model, random, engines, device, inputScale, integer, json, quiet };
        var data = new DataArguments(command, SampleCounts.OfRunning());
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            var options = new RunOptions { InputScale = parsed.GetValue(inputScale), Integer = parsed.GetValue(integer) };
            var notes = session.Notes;
            string[]? names = Named(parsed);
            if (names is { Length: 0 })
                throw new DiagnosticException(CliCodes.Usage, "--engines names no engine", hint: "write --engines interpreter,cpu");
            if (parsed.GetValue(random) is not null && data.IsGiven(parsed))
                throw new DiagnosticException(CliCodes.Usage, "--random goes without --data", hint: "leave one of them out");
            if (!data.IsGiven(parsed)) data.RefuseBeside("--random", parsed);
            string path = parsed.GetValue(model)!;
            var result = session.WithProgress(progress =>
            {
                if (data.IsGiven(parsed))
                {
                    var given = data.Required(parsed) with { Labels = null, HasClasses = false };
                    data.WarnOfLabels(parsed, notes, "accuracy is measured by cortexml eval");
                    var (loaded, samples) = ModelData.Open([path], modelOptions.Read(parsed), given, options.Integer, notes)[0];
                    var inputs = EngineVerifier.Inputs(loaded, samples, options);
                    notes.AddRange(DataDoubts.Of([(loaded, samples)], options.Integer));
                    var verified = EngineVerifier.Run(loaded, inputs, names ?? [], progress, parsed.GetValue(device));
                    return verified with { Preparation = Preparation.Of(samples) };
                }
                var read = ModelLoader.Load(path, modelOptions.Read(parsed) with { NeedsIntegers = true }, notes);
                int count = parsed.GetValue(random) ?? DefaultSamples;
                var made = EngineVerifier.SeededInputs(read, count);
                return EngineVerifier.Run(read, made, names ?? [], progress, parsed.GetValue(device));
            });
            session.ShowNotes();
            session.Terminal.Write(parsed.GetValue(json) ? FileSchemas.Write(result) : string.Concat(result.Engines.Select(Line)));
            return result.Agrees ? ExitCodes.Ok : ExitCodes.Failed;
        },
        parsed =>
        [
            .. modelOptions.Checks(parsed, parsed.GetValue(model)!), .. data.Checks(parsed, isNeeded: false),
            .. (Named(parsed) ?? []).Select(name => (Action)(() => EngineChoice.CheckName(name))),
        ]);
        return command;

        string[]? Named(ParseResult parsed) =>
            parsed.GetValue(engines)?.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    private static string Line(EngineVerdict verdict) => string.Create(CultureInfo.InvariantCulture,
        $"{verdict.Digest}  {verdict.Engine}, {Counted.Of(verdict.Threads, "thread")}: {verdict.Difference ?? Counted.Of(verdict.Values, "value")}\n");
}

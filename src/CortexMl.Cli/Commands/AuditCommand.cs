using System.CommandLine;
using CortexMl.Auditing;
using CortexMl.Cli.Commands.Arguments;
using CortexMl.Cli.Commands.RunFiles;
using CortexMl.Cli.Presentation;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Loading;

namespace CortexMl.Cli.Commands;

/// <summary><c>cortexml audit</c>: in which layer did a run go wrong?</summary>
internal static class AuditCommand
{
    private const string Description = """
        Check the transcript of a run, which run --transcript writes: exit 0 it is right, 1 a layer differs, and which is the first.

        With one FILE everything is computed again from --model and the input, which --raw-input gives or --values opens. Who has the
        data but not the bytes writes a transcript of his own and compares the two.

        With the FILEs of two parties the trees over the layers are descended to the first one in which they differ, by at most as many
        comparisons of digests as the number of layers has bits. With --model and --values that one layer is executed, on operands that
        --values opens with proofs that lead to the root of one of the parties; what both agree upon is not computed again.

        Examples:
          cortexml run out --raw-input input.bin --transcript mine.json --values mine.npz
          cortexml audit mine.json --model out --raw-input input.bin
          cortexml audit mine.json theirs.json
          cortexml audit mine.json theirs.json --model out --values mine.npz --json
        """;

    public static Command Create(Session session)
    {
        var first = new Argument<string>("FILE") { Description = "A transcript" };
        var second = new Argument<string?>("OTHER")
        {
            Description = "The transcript of another party", Arity = ArgumentArity.ZeroOrOne,
        };
        var model = new Option<string?>("--model") { HelpName = "DIR", Description = "The compiled folder that ran" };
        var values = new Option<string?>("--values")
        {
            HelpName = "FILE.npz",
            Description = "Values of the run with their proofs: the input of one FILE, or the operands of the layer of two",
        };
        var rawInput = new Option<string[]>("--raw-input")
        {
            HelpName = "FILE", Description = "The input's bytes, as for run", DefaultValueFactory = _ => [],
        };
        var bigEndian = new Option<bool>("--big-endian") { Description = "Words of 4 bytes in the chain's order" };
        Option<bool> json = CommonOptions.Json(), quiet = CommonOptions.Quiet();
        var command = new TaughtCommand("audit", Description) { first, second, model, values, rawInput, bigEndian, json, quiet };
        var modelOptions = new ModelArguments(command);
        command.SetAction(parsed =>
        {
            session.IsQuiet = parsed.GetValue(quiet);
            string? other = parsed.GetValue(second), folder = parsed.GetValue(model), opened = parsed.GetValue(values);
            bool isRaw = parsed.GetValue(rawInput) is { Length: > 0 };
            CheckUsage(other, folder, opened, isRaw);
            var transcript = Transcript.Read(parsed.GetValue(first)!);
            var against = other is null ? null : Transcript.Read(other);
            var report = folder is null ? Audit.Compare(transcript, against!) : session.WithProgress(_ => Report(folder));
            session.ShowNotes();
            session.Terminal.Write(parsed.GetValue(json) ? FileSchemas.Write(report) : AuditText.Of(report, isRecomputed: other is null));
            return report.Agrees ? ExitCodes.Ok : ExitCodes.Failed;

            AuditReport Report(string path)
            {
                var loaded = ModelLoader.Load(path, modelOptions.Read(parsed) with { NeedsIntegers = true }, session.Notes);
                if (isRaw)
                {
                    byte[] bytes = RawInputFiles.Read(session, loaded, parsed.GetValue(rawInput)!);
                    return Audit.Recompute(transcript, loaded, TranscriptInputs.Of(loaded, bytes, parsed.GetValue(bigEndian)));
                }
                using var proven = new OpenedValues(opened!);
                return against is null ? Audit.Recompute(transcript, loaded, proven.Open(0, transcript))
                    : Audit.Decide(transcript, against, loaded, proven);
            }
        },
        parsed =>
        [
            () => Transcript.Read(parsed.GetValue(first)!),
            () => { if (parsed.GetValue(second) is { } path) Transcript.Read(path); },
            () => { if (parsed.GetValue(values) is { } path) InputFile.Check(path); },
            .. parsed.GetValue(model) is { } folder ? modelOptions.Checks(parsed, folder) : [],
        ]);
        return command;
    }

    /// <exception cref="DiagnosticException">CML0940: what does not go together.</exception>
    private static void CheckUsage(string? other, string? model, string? values, bool isRaw)
    {
        if (other is null && (model is null || values is null != isRaw))
            throw new DiagnosticException(CliCodes.Usage, "one FILE is computed again: from --model, and either --values or --raw-input",
                hint: "name a second FILE to compare two");
        if (other is not null && isRaw)
            throw new DiagnosticException(CliCodes.Usage, "two FILEs are compared without the input", hint: "leave --raw-input out");
        if (other is not null && model is null != values is null)
            throw new DiagnosticException(CliCodes.Usage, "a layer is executed with --model and --values", hint: "give both, or none");
    }
}

using System.CommandLine;
using CortexMl.Auditing;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Cli.Commands.Arguments;

/// <summary>What a run leaves behind to be audited by.</summary>
internal sealed class TranscriptArguments
{
    private readonly Option<string?> _transcript = new("--transcript")
    {
        HelpName = "FILE.json", Description = "Write digests of model, input and every layer, for cortexml audit; of one sample",
    };

    private readonly Option<string?> _values = new("--values")
    {
        HelpName = "FILE.npz", Description = "With --transcript: write the values of every layer as well, with their proofs",
    };

    public void AddTo(Command command)
    {
        command.Add(_transcript);
        command.Add(_values);
    }

    /// <param name="profile">Whose arithmetic was asked for; null for the definition's.</param>
    /// <exception cref="DiagnosticException">CML0940: values without a transcript, or one of another device's arithmetic.</exception>
    public void Check(ParseResult parsed, string? profile)
    {
        if (parsed.GetValue(_transcript) is not null && profile == "reference-cpu")
            throw new DiagnosticException(CliCodes.Usage, "--transcript is of the definition's arithmetic, not of --profile reference-cpu");
        if (parsed.GetValue(_values) is not null && parsed.GetValue(_transcript) is null)
            throw new DiagnosticException(CliCodes.Usage, "--values goes with --transcript", hint: "pass --transcript FILE");
    }

    /// <summary>Writes what was asked for, if anything was.</summary>
    public void Write(ParseResult parsed, Model model, Func<IReadOnlyList<Tensor<int>>> inputs)
    {
        if (parsed.GetValue(_transcript) is not { } path) return;
        if (parsed.GetValue(_values) is not { } values)
        {
            AtomicFile.WriteText(path, TranscriptRun.Record(model, inputs()).ToJson());
            return;
        }
        var run = TranscriptRun.RecordValues(model, inputs());
        AtomicFile.WriteText(path, run.Transcript.ToJson());
        AtomicFile.Write(values, stream => OpenedValues.Write(stream, run));
    }
}

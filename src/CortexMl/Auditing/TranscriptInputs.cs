using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Auditing;

/// <summary>The one input that a transcript is of, as the integers that the model takes.</summary>
public static class TranscriptInputs
{
    /// <exception cref="DiagnosticException">CML0992: not exactly one sample; CML0924; those of <see cref="IntegerInputs"/>.</exception>
    public static IReadOnlyList<Tensor<int>> Of(Model model, ISampleSource samples, RunOptions options)
    {
        AuditedLayer.Check(model);
        if (samples.States.Count > 0)
            throw new DiagnosticException(LibraryCodes.TranscriptUnfit, "a transcript is of one sample, not of a stream",
                hint: "leave --stream out, and give the states as inputs");
        var read = samples.Read().Take(2).ToList();
        return read is [var only] ? IntegerInputs.For(model, options).Of(only)
            : throw new DiagnosticException(LibraryCodes.TranscriptUnfit,
                $"a transcript is of one sample, {(read.Count == 0 ? "none is" : "several are")} given", hint: "pass --limit 1");
    }

    /// <param name="bytes">Those of the chain's interface (CortexMl.Cvm/SPECIFICATION.md §9).</param>
    /// <param name="bigEndian">Words of 4 bytes in the chain's order.</param>
    /// <exception cref="DiagnosticException">CML0924: no CVM model; CML044x: the input does not do.</exception>
    public static IReadOnlyList<Tensor<int>> Of(Model model, byte[] bytes, bool bigEndian)
    {
        AuditedLayer.Check(model);
        var cvm = model.Cvm ?? throw new DiagnosticException(LibraryCodes.WrongLevel,
            $"'{model.Name}' is no folder with symbol and params", hint: "compile it first, or pass --data");
        return [bigEndian ? InputConversion.FromChainBytes(cvm, bytes) : InputConversion.FromBytes(cvm, bytes)];
    }
}

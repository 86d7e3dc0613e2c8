using CortexMl.Cvm.Run;
using CortexMl.Diagnostics;

namespace CortexMl.Running;

/// <summary>Runs a CVM model on the bytes of the chain's interface (CortexMl.Cvm/SPECIFICATION.md §9).</summary>
public static class RawRun
{
    /// <param name="bigEndian">Words of 4 bytes in the chain's order, and a longer input is cut.</param>
    /// <exception cref="DiagnosticException">
    /// CML0924 no CVM model; CML044x, class logic: the input or the model's heads do not do.
    /// </exception>
    public static byte[] Run(EngineChoice choice, byte[] input, bool bigEndian)
    {
        var cvm = choice.Model.Cvm ?? throw new DiagnosticException(LibraryCodes.WrongLevel,
            $"'{choice.Model.Name}' is no folder with symbol and params", hint: "compile it first, or pass --data");
        var tensor = bigEndian ? InputConversion.FromChainBytes(cvm, input) : InputConversion.FromBytes(cvm, input);
        using var executable = choice.Prepare(choice.Options.Workers);
        return OutputConversion.ToBytes(cvm, executable.Run([tensor]), bigEndian);
    }
}

namespace CortexMl.Evm.Machine;

/// <summary>A model as a contract meets it: at an address, with a price, and something that runs it.</summary>
/// <param name="Address">20 bytes.</param>
/// <param name="InputLength">Bytes that the model takes.</param>
/// <param name="Run">
/// Input in the order of the words to output in that order; a failure is a <see cref="Diagnostics.DiagnosticException"/>.
/// </param>
public sealed record CalledModel(byte[] Address, long InputLength, long InferGas, long InferArrayGas, Func<byte[], byte[]> Run)
{
    /// <summary>An account of input data that INFER may name; null where there is none.</summary>
    public CalledInput? Input { get; init; }
}

/// <summary>Data of an input account, in the order of the words.</summary>
/// <param name="Address">20 bytes.</param>
public sealed record CalledInput(byte[] Address, byte[] Data);

/// <summary>The two instructions of Cortex.</summary>
internal static class CortexOpcodes
{
    public const byte Infer = 0xc0, InferArray = 0xc1;
}

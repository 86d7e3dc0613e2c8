using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>What a thread needs to call kernels: the arguments of calls that are made at once, and memory for sums of matrices.</summary>
internal sealed class CallMemory
{
    /// <summary>Calls that are made at once.</summary>
    public const int MostCalls = 32;

    [ThreadStatic]
    private static CallMemory? t_own;

    public static CallMemory OfThread => t_own ??= new CallMemory();

    public Pinned<CodeArguments> Arguments { get; } = new(MostCalls);

    public Pinned<byte> Scratch { get; } = new(MatrixBody.ScratchBytes);
}

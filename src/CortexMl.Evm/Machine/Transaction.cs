using System.Numerics;

namespace CortexMl.Evm.Machine;

/// <summary>What one transaction may use, and when it happens: the clock of this chain stands still.</summary>
public sealed record EvmLimits
{
    public const long DefaultGas = 100_000_000, MostGas = 10_000_000_000;

    public const long BlockNumber = 1_000_000, Timestamp = 1_600_000_000, ChainId = 21;

    /// <summary>Bytes of a contract's code, and of what deploys it.</summary>
    public const int MaxCode = 24576, MaxDeploymentCode = 2 * MaxCode;

    /// <summary>Of one transaction.</summary>
    public long Gas { get; init; } = DefaultGas;

    /// <summary>Of one transaction, wherever its gas lasts longer.</summary>
    public TimeSpan Time { get; init; } = TimeSpan.FromMinutes(2);
}

/// <summary>A word of storage that a transaction changed.</summary>
/// <param name="Place">Hexadecimal, as a word.</param>
public sealed record StorageChange(string Place, string Before, string After);

/// <summary>A log as it was written.</summary>
/// <param name="Contract">Whose code wrote it.</param>
public sealed record WrittenLog(string Contract, IReadOnlyList<byte[]> Topics, byte[] Data);

/// <summary>What came of a transaction.</summary>
/// <param name="Returned">What the function returned, or the data of a revert.</param>
/// <param name="Failure">Why it failed where no data say so; null where they do, or where it did not fail.</param>
/// <param name="GasUsed">All of it: data of the call, execution, inference, less what is refunded.</param>
/// <param name="InferenceGas">Of it, what INFER and INFERARRAY cost.</param>
public sealed record Outcome(
    bool IsSuccess, byte[] Returned, string? Failure, long GasUsed, long InferenceGas, int Inferences, IReadOnlyList<WrittenLog> Logs,
    IReadOnlyList<StorageChange> Changes);

using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Evm.Machine;

namespace CortexMl.Evm.Calling;

/// <summary>A decoded value; integers are decimal texts.</summary>
/// <param name="Name">Empty where it has none.</param>
/// <param name="Hash">Of an indexed value of an event of which the log holds no more; else null.</param>
public sealed record CallValue(string Name, string Type, JsonNode? Value, string? Hash)
{
    internal static CallValue Of(ContractParameter parameter, object value) =>
        new(parameter.Name, parameter.Type.Name, AbiJson.Write(value, parameter.Type), null);

    internal static CallValue Of(LoggedValue logged) => logged.Value is { } value ? Of(logged.Parameter, value)
        : new(logged.Parameter.Name, logged.Parameter.Type.Name, null, Hex.Of(logged.Hash!));
}

/// <summary>An event that a call wrote.</summary>
/// <param name="Event">Its signature; null where the contract's ABI does not have it.</param>
public sealed record CallEvent(string Contract, string? Event, IReadOnlyList<CallValue> Values, IReadOnlyList<string> Topics, string Data);

/// <summary>How a call ended.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<CallStatus>))]
public enum CallStatus
{
    [JsonStringEnumMemberName("succeeded")]
    Succeeded,

    /// <summary>The contract refused it, and what gas was left is left.</summary>
    [JsonStringEnumMemberName("reverted")]
    Reverted,

    /// <summary>It went wrong, and all gas is gone.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,
}

/// <summary>A transaction, or a question that changes nothing, and what came of it.</summary>
/// <param name="Call">As it was given, or <c>constructor</c>.</param>
/// <param name="IsReadOnly">No transaction: a node answers it for nothing.</param>
/// <param name="Gas">Of the whole transaction: 21000 and the data of the call, execution and inference, less what is refunded.</param>
/// <param name="InferenceGas">Of it, INFER and INFERARRAY.</param>
/// <param name="IsExpected">It succeeded, or failed as it was said that it would.</param>
public sealed record CallReport(
    string Call, CallStatus Status, bool IsExpected, bool IsReadOnly, long Gas, long InferenceGas, int Inferences,
    IReadOnlyList<CallValue> Returns)
{
    /// <summary>Of a call that did not succeed.</summary>
    public string? Reason { get; init; }

    public IReadOnlyList<CallEvent> Events { get; init; } = [];

    public IReadOnlyList<StorageChange> Changes { get; init; } = [];
}

/// <summary>A word of the contract's storage that is not 0.</summary>
public sealed record StoredWord(string Place, string Value);

/// <summary>A contract that was deployed and called; the JSON of <c>cortexml chain simulate --contract --json</c>.</summary>
/// <param name="Version">Of this form.</param>
/// <param name="Compiler">Null where the code was given.</param>
/// <param name="Input">The account of input data, null where no data were given.</param>
/// <param name="CodeSize">Bytes that the chain stores.</param>
/// <param name="Gas">Of all transactions, the deployment with them.</param>
/// <param name="IsExpected">Whether every call ended as expected.</param>
public sealed record ContractReport(
    int Version, string Contract, string? Compiler, string Address, string Model, string? Input, string Sender, long BlockNumber,
    long Timestamp, long GasLimit, int CodeSize, CallReport Deployment, IReadOnlyList<CallReport> Calls, IReadOnlyList<StoredWord> Storage,
    long Gas, long InferenceGas, bool IsExpected)
{
    public const int CurrentVersion = 1;
}

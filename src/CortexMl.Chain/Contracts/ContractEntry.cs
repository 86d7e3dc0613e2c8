using CortexMl.Chain.Abi;

namespace CortexMl.Chain.Contracts;

public enum EntryKind { Function, Constructor, Event, Error }

/// <param name="Name">Empty where it has none.</param>
/// <param name="IsIndexed">Of an event: stands in a topic of the log.</param>
public sealed record ContractParameter(string Name, AbiType Type, bool IsIndexed = false)
{
    /// <summary>Whether its topic is a Keccak-256: of all but the types of one word. CortexMl.Chain/SPECIFICATION.md §8.</summary>
    public bool IsHashed => IsIndexed && Type is AbiArray or AbiTuple or AbiBytes or AbiString;
}

/// <summary>What a contract offers under a name.</summary>
/// <param name="Name"><c>constructor</c> for that.</param>
/// <param name="Outputs">Of a function: what it returns.</param>
/// <param name="IsAnonymous">Of an event: its logs do not start with <see cref="FunctionSignature.Hash"/>.</param>
public sealed record ContractEntry(
    EntryKind Kind, string Name, IReadOnlyList<ContractParameter> Inputs, IReadOnlyList<ContractParameter> Outputs,
    bool IsAnonymous = false)
{
    public FunctionSignature Signature { get; } = new(Name, [.. Inputs.Select(i => i.Type)], [.. Outputs.Select(o => o.Type)]);

    public override string ToString() => Signature.Canonical;
}

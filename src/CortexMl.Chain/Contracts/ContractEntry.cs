using CortexMl.Chain.Abi;
using CortexMl.Diagnostics;

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
    /// <summary>Of a function: it changes nothing (<c>view</c>, <c>pure</c>), so that a node answers without a transaction.</summary>
    public bool IsReadOnly { get; init; }

    public FunctionSignature Signature { get; } = new(Name, [.. Inputs.Select(i => i.Type)], [.. Outputs.Select(o => o.Type)]);

    public override string ToString() => Signature.Canonical;
}

/// <summary>Types as a contract's ABI spells them: <c>uint256[2]</c>, <c>tuple[]</c> with components beside it.</summary>
internal sealed class AbiTypes(Action<PlacedJson, string, string?> refuse, DiagnosticBag found)
{
    private const int MaxLength = 200;

    public static AbiTuple Tuple(IReadOnlyList<ContractParameter> components)
    {
        string[] names = [.. components.Select(c => c.Name)];
        bool areNames = names.All(n => n.Length > 0) && names.Distinct(StringComparer.Ordinal).Count() == names.Length;
        return new([.. components.Select(c => c.Type)]) { Names = areNames ? names : [] };
    }

    /// <summary>Null where it is no type (an error), or none that we encode (a note).</summary>
    /// <param name="tuple">Where the type is <c>tuple</c>, or an array of it.</param>
    public AbiType? Read(PlacedJson json, AbiTuple? tuple)
    {
        string text = json.Text;
        if (IsUnsupported(text))
        {
            found.Note(ChainCodes.UnsupportedEntry, $"type '{text}' is not supported; the entry that uses it is left out", json.Place);
            return null;
        }
        if (text.Length > MaxLength || !text.All(c => char.IsAsciiLetterOrDigit(c) || c is '[' or ']'))
        {
            refuse(json, $"there is no type '{text}'", null);
            return null;
        }
        try
        {
            return new AbiTypeReader(text, tuple).ReadWhole();
        }
        catch (DiagnosticException error)
        {
            refuse(json, $"type '{text}': {error.Diagnostics[0].Message}", null);
            return null;
        }
    }

    // Function pointers and fixed-point numbers; what only libraries have: storage references, names of structs and enumerations.
    private static bool IsUnsupported(string text) =>
        text.Split('[')[0] is "function" or "fixed" or "ufixed" || IsFixed(text.StartsWith('u') ? text[1..] : text)
        || text.EndsWith(" storage", StringComparison.Ordinal) || text.StartsWith("mapping(", StringComparison.Ordinal)
        || text.Contains('.', StringComparison.Ordinal);

    private static bool IsFixed(string text) =>
        text.StartsWith("fixed", StringComparison.Ordinal) && text.Length > 5 && char.IsAsciiDigit(text[5]) && text.IndexOf('x', 6) > 0;
}

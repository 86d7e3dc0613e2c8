using System.Text.Json;
using CortexMl.Chain.Abi;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Contracts;

/// <summary>
/// Turns the JSON of a contract's ABI into entries; all mistakes are collected, each with its place. CortexMl.Chain/SPECIFICATION.md §6.
/// </summary>
internal sealed class AbiEntryReader
{
    private const int MaxEntries = 5_000, MaxProblems = 100, MaxHints = 20;

    /// <summary>Of one entry, with the components of its tuples.</summary>
    private const int MaxParameters = 1_000;

    /// <summary>Topics of a log.</summary>
    private const int MaxIndexed = 4;

    private static readonly string[] s_kinds = ["function", "constructor", "event", "error", "fallback", "receive"];

    private readonly AbiTypes _types;
    private readonly DiagnosticBag _found = new();
    private readonly List<ContractEntry> _entries = [];
    private int _hints, _parameters;

    private AbiEntryReader() => _types = new AbiTypes(Refuse, _found);

    /// <param name="list">What <see cref="AbiJsonReader"/> found.</param>
    /// <param name="notes">Gets a note CML1016 for each entry that is left out, since its types are not supported.</param>
    /// <exception cref="DiagnosticException">CML1015 with everything that is wrong.</exception>
    public static IReadOnlyList<ContractEntry> Read(PlacedJson list, DiagnosticBag notes)
    {
        var reader = new AbiEntryReader();
        if (list.Items.Count > MaxEntries)
            reader.Refuse(list, $"{Counted.Of(list.Items.Count, "entry", "entries")}; a contract has at most {MaxEntries}");
        else reader.ReadEntries(list.Items);
        reader._found.ThrowIfErrors();
        notes.AddRange(reader._found.Items);
        return reader._entries;
    }

    private void ReadEntries(List<PlacedJson> items)
    {
        var known = new Dictionary<string, ContractEntry>(StringComparer.Ordinal);
        foreach (var json in items)
        {
            if (Entry(json) is not { } entry) continue;
            // An interface that is inherited twice may bring an entry twice; events may differ in what is indexed.
            if (known.TryAdd(Key(entry), entry))
            {
                _entries.Add(entry);
                continue;
            }
            var first = known[Key(entry)];
            if (entry.Kind == EntryKind.Constructor) Refuse(json, "a second constructor");
            else if (Returned(entry) != Returned(first))
                Refuse(json, $"{entry} stands twice, returning ({Returned(first)}) and ({Returned(entry)})");
        }
    }

    private static string Key(ContractEntry entry) => entry.Kind == EntryKind.Constructor ? entry.Name
        : $"{entry.Kind} {entry} {string.Concat(entry.Inputs.Select(i => i.IsIndexed ? 1 : 0))} {entry.IsAnonymous}";

    private static string Returned(ContractEntry entry) => string.Join(',', entry.Outputs.Select(o => o.Type));

    /// <summary>Null for fallback and receive, which have no call data of their own, and for entries that are reported.</summary>
    private ContractEntry? Entry(PlacedJson json)
    {
        if (json.Kind != JsonTokenType.StartObject)
        {
            Refuse(json, $"an entry is an object, not {json.Description}", json.Kind == JsonTokenType.String
                ? "signatures as texts are another form: give the signature itself, without --abi, or write the JSON form" : null);
            return null;
        }
        _parameters = 0;
        string? kind = Find(json, "type") is null ? "function" : Text(json, "type");
        if (kind is null) return null;
        if (!s_kinds.Contains(kind))
        {
            Refuse(Find(json, "type")!, $"there is no entry of type '{kind}'", ++_hints <= MaxHints ? Nearest.Hint(kind, s_kinds) : null);
            return null;
        }
        if (kind is "fallback" or "receive") return null;
        string? name = kind == "constructor" ? kind : Name(json);
        bool isAnonymous = kind == "event" && Flag(json, "anonymous");
        var inputs = Parameters(json, "inputs", isEvent: kind == "event");
        var outputs = kind == "function" ? Parameters(json, "outputs", isEvent: false) : [];
        if (name is null || inputs is null || outputs is null) return null;
        int indexed = inputs.Count(i => i.IsIndexed), most = isAnonymous ? MaxIndexed : MaxIndexed - 1;
        if (indexed > most) Refuse(json, $"event '{name}' has {indexed} indexed parameters; {most} are possible");
        return new(kind switch
        {
            "function" => EntryKind.Function,
            "constructor" => EntryKind.Constructor,
            "event" => EntryKind.Event,
            _ => EntryKind.Error,
        }, name, inputs, outputs, isAnonymous)
        {
            IsReadOnly = kind == "function" && IsReadOnly(json),
        };
    }

    /// <summary>Old compilers say <c>constant</c>. What says neither may change something.</summary>
    private static bool IsReadOnly(PlacedJson json) => json.Members.Any(m => m switch
    {
        { Name: "stateMutability", Value: { Kind: JsonTokenType.String, Text: "view" or "pure" } } => true,
        { Name: "constant", Value.Kind: JsonTokenType.True } => true,
        _ => false,
    });

    private string? Name(PlacedJson json)
    {
        if (Text(json, "name") is not { } name) return null;
        if (IsIdentifier(name)) return name;
        Refuse(Find(json, "name")!, $"'{name}' is no name");
        return null;
    }

    /// <summary>None where the member is left out; null where something is wrong with it.</summary>
    private List<ContractParameter>? Parameters(PlacedJson owner, string member, bool isEvent, int depth = 1)
    {
        if (Find(owner, member) is not { } list) return [];
        if (list.Kind != JsonTokenType.StartArray)
        {
            Refuse(list, $"'{member}' must be a list, not {list.Description}");
            return null;
        }
        if ((_parameters += list.Items.Count) > MaxParameters || depth > AbiTypeReader.MaxDepth)
        {
            Refuse(list, depth > AbiTypeReader.MaxDepth ? $"components nest deeper than {AbiTypeReader.MaxDepth}"
                : $"an entry has more than {MaxParameters} parameters");
            return null;
        }
        ContractParameter?[] read = [.. list.Items.Select(item => Parameter(item, isEvent, depth))];
        return read.Contains(null) ? null : [.. read.OfType<ContractParameter>()];
    }

    private ContractParameter? Parameter(PlacedJson json, bool isEvent, int depth)
    {
        if (json.Kind != JsonTokenType.StartObject)
        {
            Refuse(json, $"a parameter is an object, not {json.Description}");
            return null;
        }
        string? name = Find(json, "name") is { } named && named is not { Kind: JsonTokenType.String, Text: "" } ? Name(json) : "";
        bool isIndexed = Flag(json, "indexed");
        if (isIndexed && !isEvent) Refuse(Find(json, "indexed")!, "only parameters of events are indexed");
        if (Text(json, "type") is not { } type) return null;
        bool isTuple = type == "tuple" || type.StartsWith("tuple[", StringComparison.Ordinal);
        var components = Parameters(json, "components", isEvent: false, depth + 1);
        if (components is null || name is null) return null;
        if (isTuple && Find(json, "components") is null)
        {
            Refuse(json, "a tuple without 'components'");
            return null;
        }
        if (_types.Read(Find(json, "type")!, isTuple ? AbiTypes.Tuple(components) : null) is { } read) return new(name, read, isIndexed);
        return null;
    }

    /// <summary>A text that has to be there; null, and reported, where it is not.</summary>
    private string? Text(PlacedJson owner, string member)
    {
        var value = Find(owner, member);
        if (value is { Kind: JsonTokenType.String }) return value.Text;
        Refuse(value ?? owner, value is null ? $"'{member}' is missing" : $"'{member}' must be a text, not {value.Description}");
        return null;
    }

    private bool Flag(PlacedJson owner, string member)
    {
        var value = Find(owner, member);
        if (value is not null && value.Kind is not (JsonTokenType.True or JsonTokenType.False))
            Refuse(value, $"'{member}' must be true or false, not {value.Description}");
        return value?.Kind == JsonTokenType.True;
    }

    private PlacedJson? Find(PlacedJson owner, string member)
    {
        PlacedJson? found = null;
        foreach (var (name, value) in owner.Members)
        {
            if (name != member) continue;
            if (found is not null) Refuse(value, $"'{member}' stands twice");
            found ??= value;
        }
        return found;
    }

    private static bool IsIdentifier(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$');

    private void Refuse(PlacedJson at, string message, string? hint = null)
    {
        _found.Error(ChainCodes.ContractAbi, message, at.Place, hint);
        if (_found.Items.Count >= MaxProblems) _found.ThrowIfErrors();
    }
}

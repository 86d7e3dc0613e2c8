using System.Globalization;
using System.Numerics;
using System.Text.Json;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Meta;

/// <summary>The members of a JSON object as typed fields; what does not fit is collected, and read as empty.</summary>
internal sealed class JsonFields(JsonElement root, string file)
{
    private const int MaxBits = 256;

    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    public DiagnosticBag Found { get; } = new();

    public string Text(string name, string? fallback = null)
    {
        if (Find(name, fallback is not null) is not { } value) return fallback ?? "";
        if (value.ValueKind == JsonValueKind.String) return value.GetString()!;
        Refuse(name, "must be a text");
        return "";
    }

    public byte[] Bytes(string name, int size)
    {
        try
        {
            byte[] bytes = Hex.Parse(Text(name, null), name);
            if (bytes.Length == size) return bytes;
            Refuse(name, $"has {Counted.Of(bytes.Length, "byte")}; it needs {size}");
        }
        catch (DiagnosticException error)
        {
            Found.AddRange(error.Diagnostics);
        }
        return new byte[size];
    }

    public ulong UInt64(string name) => Find(name, isOptional: false) is { } value ? (ulong)Integer(name, value, 64) : 0;

    public BigInteger Integer(string name, BigInteger fallback) =>
        Find(name, isOptional: true) is { } value ? Integer(name, value, MaxBits) : fallback;

    public IReadOnlyList<ulong> Shape(string name)
    {
        if (Find(name, isOptional: false) is not { } value) return [];
        if (value.ValueKind == JsonValueKind.Array) return [.. value.EnumerateArray().Select(dim => (ulong)Integer(name, dim, 64))];
        Refuse(name, "must be a list of whole numbers");
        return [];
    }

    public void Refuse(string name, string problem) => Found.Error(ChainCodes.AccountJson, $"{name} {problem}", new SourceLocation(file));

    /// <summary>Members that nobody asked for.</summary>
    public void RefuseUnread()
    {
        if (root.ValueKind != JsonValueKind.Object) return;
        foreach (var member in root.EnumerateObject().Where(m => !_read.Contains(m.Name)))
            Found.Error(ChainCodes.AccountJson, $"there is no field '{member.Name}'", new SourceLocation(file),
                Nearest.Hint(member.Name, _read.Order(StringComparer.Ordinal)));
    }

    private BigInteger Integer(string name, JsonElement value, int bits)
    {
        string? text =
            value.ValueKind switch { JsonValueKind.Number => value.GetRawText(), JsonValueKind.String => value.GetString(), _ => null };
        bool isShort = text?.Length is > 0 and <= MaxBits / 3;
        if (isShort && BigInteger.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number < BigInteger.One << bits) return number;
        Refuse(name, $"must hold whole numbers below 2^{bits}");
        return 0;
    }

    private JsonElement? Find(string name, bool isOptional)
    {
        _read.Add(name);
        if (root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value)) return value;
        if (!isOptional) Refuse(name, "is missing");
        return null;
    }
}

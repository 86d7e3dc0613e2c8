using System.Text;
using System.Text.Json;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Contracts;

/// <summary>
/// Finds the list of entries in a file: the file itself, or its member <c>abi</c>, as a compiler's artefacts have it. The other members,
/// which may be many megabytes of code and syntax trees, are passed over without being kept.
/// </summary>
internal ref struct AbiJsonReader
{
    /// <summary>Bytes of a file.</summary>
    public const int MaxLength = 64 << 20;

    /// <summary>Values and names in the list; one takes about 200 bytes.</summary>
    private const int MaxValues = 100_000;

    private const int MaxDepth = 1024;

    private const string Member = "abi";

    private const string Hint = "give the JSON that solc writes with --abi, or an artefact of Hardhat, Foundry or Truffle";

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly string _file;
    private Utf8JsonReader _reader;
    private int _scanned, _line, _lineStart, _values;

    private AbiJsonReader(ReadOnlySpan<byte> bytes, string file)
    {
        _bytes = bytes;
        _file = file;
        _line = 1;
        _reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
    }

    /// <exception cref="DiagnosticException">CML1015, CML0106.</exception>
    public static PlacedJson Read(ReadOnlySpan<byte> bytes, string file)
    {
        if (bytes.Length > MaxLength)
        {
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                $"{Counted.Of(bytes.Length, "byte")}; the ABI of a contract has at most {MaxLength}",
                new SourceLocation(file), Hint);
        }
        if (bytes.StartsWith(Encoding.UTF8.Preamble)) bytes = bytes[Encoding.UTF8.Preamble.Length..];
        var reader = new AbiJsonReader(bytes, file);
        reader.Next();
        var list = reader._reader.TokenType switch
        {
            JsonTokenType.StartArray => reader.Value(),
            JsonTokenType.StartObject => reader.InArtefact(),
            _ => throw reader.Refused("the ABI of a contract is a list of entries", Hint),
        };
        reader.End();
        return list;
    }

    private PlacedJson InArtefact()
    {
        PlacedJson? found = null;
        var start = Here();
        bool isCompilerOutput = false;
        while (NextName() is { } name)
        {
            isCompilerOutput |= name == "contracts";
            if (name == Member)
            {
                if (found is not null) throw Refused($"'{Member}' stands twice", Hint);
                Next();
                if (_reader.TokenType != JsonTokenType.StartArray) throw Refused($"'{Member}' must be a list of entries", Hint);
                found = Value();
                continue;
            }
            Next();
            Skip();
        }
        return found ?? throw new DiagnosticException(ChainCodes.ContractAbi, $"there is no member '{Member}'", start,
            isCompilerOutput ? $"a compiler's output may hold several contracts: write the '{Member}' of one of them into a file" : Hint);
    }

    private PlacedJson Value()
    {
        if (++_values > MaxValues) throw Refused($"the list has more than {MaxValues} values", Hint);
        var kind = _reader.TokenType;
        string text = kind == JsonTokenType.String ? Text()
            : kind == JsonTokenType.Number ? Encoding.UTF8.GetString(_reader.ValueSpan) : "";
        var value = new PlacedJson(kind, text, Here());
        if (kind == JsonTokenType.StartArray)
        {
            for (Next(); _reader.TokenType != JsonTokenType.EndArray; Next()) value.Items.Add(Value());
        }
        else if (kind == JsonTokenType.StartObject)
        {
            while (NextName() is { } name)
            {
                Next();
                value.Members.Add((name, Value()));
            }
        }
        return value;
    }

    /// <summary>The next member's name; null at the end of the object.</summary>
    private string? NextName()
    {
        Next();
        return _reader.TokenType == JsonTokenType.EndObject ? null : Text();
    }

    private string Text()
    {
        try
        {
            return _reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            throw Refused("a text is not UTF-8, or holds half of a surrogate pair", Hint);
        }
    }

    private void Next()
    {
        if (!Moves()) throw Refused("the text ends early", Hint);
    }

    private void End()
    {
        if (Moves()) throw Refused("text follows the end", Hint);
    }

    private bool Moves()
    {
        try
        {
            return _reader.Read();
        }
        catch (JsonException error)
        {
            throw Malformed(error);
        }
    }

    /// <summary>Moves to the end of the current value.</summary>
    private void Skip()
    {
        try
        {
            _reader.Skip();
        }
        catch (JsonException error)
        {
            throw Malformed(error);
        }
    }

    private readonly DiagnosticException Malformed(JsonException error) =>
        new(ChainCodes.ContractAbi, $"no JSON: {JsonProblem.Of(error)}", JsonProblem.Place(_file, error), Hint);

    /// <summary>Position of the current token.</summary>
    private SourceLocation Here()
    {
        for (int at = (int)_reader.TokenStartIndex; _scanned < at; _scanned++)
        {
            if (_bytes[_scanned] != (byte)'\n') continue;
            _line++;
            _lineStart = _scanned + 1;
        }
        return new SourceLocation(_file, _line, (int)_reader.TokenStartIndex - _lineStart + 1);
    }

    private DiagnosticException Refused(string message, string hint) => new(ChainCodes.ContractAbi, message, Here(), hint);
}

/// <summary>A JSON value that knows where it stands in its file.</summary>
/// <param name="Kind">Of its first token: StartObject, StartArray, String, Number, True, False or Null.</param>
/// <param name="Text">Of a text its characters, of a number what is written.</param>
internal sealed record PlacedJson(JsonTokenType Kind, string Text, SourceLocation Place)
{
    /// <summary>Of a list.</summary>
    public List<PlacedJson> Items { get; } = [];

    /// <summary>Of an object, in the order of the file.</summary>
    public List<(string Name, PlacedJson Value)> Members { get; } = [];

    /// <summary>What messages call the value.</summary>
    public string Description => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => $"the text '{Text}'",
        JsonTokenType.Number => $"the number {(Text.Length <= 20 ? Text : Text[..20] + "…")}",
        _ => Kind.ToString().ToLowerInvariant(),
    };
}

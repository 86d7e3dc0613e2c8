using System.Text;
using System.Text.Json;
using CortexMl.Diagnostics;

namespace CortexMl.Frontends.MxNet.Read;

/// <summary>
/// A forward reader of JSON text that knows line and column and reports every problem as a diagnostic. Nesting is bounded.
/// </summary>
internal ref struct JsonCursor(ReadOnlySpan<byte> bytes, string file)
{
    private const int MaxDepth = 64;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private Utf8JsonReader _reader = new(bytes, new JsonReaderOptions { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Skip });
    private int _scanned, _line = 1, _lineStart;

    public readonly JsonTokenType Token => _reader.TokenType;

    /// <summary>Position of the current token.</summary>
    public SourceLocation Here
    {
        get
        {
            int at = (int)_reader.TokenStartIndex;
            for (; _scanned < at; _scanned++)
            {
                if (_bytes[_scanned] != (byte)'\n') continue;
                _line++;
                _lineStart = _scanned + 1;
            }
            return new SourceLocation(file, _line, at - _lineStart + 1);
        }
    }

    public void Next(string what)
    {
        try
        {
            if (!_reader.Read()) throw Malformed($"the text ends where {what} should follow");
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(FrontendCodes.ModelMalformed, $"{file} is not valid JSON: {JsonProblem.Of(error)}",
                JsonProblem.Place(file, error),
                "the file was cut off or damaged, or is no symbol file");
        }
    }

    public void Next(JsonTokenType expected, string what)
    {
        Next(what);
        Expect(expected, what);
    }

    public void Expect(JsonTokenType expected, string what)
    {
        if (Token != expected) throw Malformed($"{what}: expected {expected}, found {Token}");
    }

    /// <summary>Moves to the next property of the current object and returns its name, or null at the object's end.</summary>
    public string? Property()
    {
        Next("a property or the end of the object");
        return Token == JsonTokenType.EndObject ? null : Text("a property name");
    }

    /// <summary>Moves past the next value, whatever it holds.</summary>
    public void SkipValue()
    {
        Next("a value");
        if (Token is not (JsonTokenType.StartObject or JsonTokenType.StartArray)) return;
        for (int depth = 1; depth > 0;)
        {
            Next("the end of a value");
            if (Token is JsonTokenType.StartObject or JsonTokenType.StartArray) depth++;
            else if (Token is JsonTokenType.EndObject or JsonTokenType.EndArray) depth--;
        }
    }

    /// <summary>The current token as text: a string's characters, a number or literal as written.</summary>
    public string Text(string what)
    {
        try
        {
            return Token is JsonTokenType.String or JsonTokenType.PropertyName
                ? _reader.GetString()!
                : Encoding.UTF8.GetString(_reader.ValueSpan);
        }
        catch (InvalidOperationException)
        {
            throw Malformed($"{what} is not valid UTF-8");
        }
    }

    /// <summary>The next value as 32-bit integer.</summary>
    public int NextInt(string what)
    {
        Next(JsonTokenType.Number, what);
        return Int(what);
    }

    public int Int(string what) =>
        _reader.TryGetInt32(out int value) ? value : throw Malformed($"{what}: expected an integer, found {Text(what)}");

    /// <summary>Requires that nothing but white space follows.</summary>
    public void End()
    {
        try
        {
            if (_reader.Read()) throw Malformed("text follows the end of the symbol");
        }
        catch (JsonException)
        {
            throw Malformed("text follows the end of the symbol");
        }
    }

    public DiagnosticException Malformed(string message) => new(FrontendCodes.ModelMalformed, $"{file}: {message}", Here);
}

using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Cvm.Symbol;

/// <summary>
/// The runtime's lenient JSON (CortexMl.Cvm/SPECIFICATION.md §4.1): the caller says what it expects next. Only strings, integers, objects
/// and arrays exist; the end of the text where a separator may stand closes the container.
/// </summary>
/// <param name="text">The bytes.</param>
/// <param name="locate">Names a byte offset for diagnostics.</param>
internal sealed class JsonReader(ReadOnlyMemory<byte> text, Func<int, SourceLocation> locate)
{
    private int _at;

    /// <summary>Offset of what is read next, white space apart.</summary>
    public int Offset
    {
        get
        {
            SkipSpace();
            return _at;
        }
    }

    private ReadOnlySpan<byte> Text => text.Span;

    /// <summary>Reads <c>{</c> or <c>[</c>; follow with <see cref="NextKey"/> or <see cref="NextItem"/>.</summary>
    public Container Open(char bracket)
    {
        Expect(bracket);
        return new Container { Closer = bracket == '{' ? '}' : ']' };
    }

    /// <summary>Moves to the next element; false when the container closed.</summary>
    public bool NextItem(ref Container container)
    {
        SkipSpace();
        bool atEnd = _at == text.Length;
        if (container.Count++ == 0)
        {
            if (atEnd || Text[_at] != container.Closer) return true;
            _at++;
            return false;
        }
        if (atEnd) return false;
        byte found = Text[_at++];
        if (found == ',') return true;
        return found == container.Closer ? false : throw Unexpected(_at - 1, $"',' or '{container.Closer}'");
    }

    /// <summary>Moves to the next value of an object and gives its key; false when the object closed.</summary>
    public bool NextKey(ref Container container, out string key)
    {
        key = "";
        if (!NextItem(ref container)) return false;
        key = ReadString();
        Expect(':');
        return true;
    }

    public string ReadString() => ByteText.Decode(Unescape(ReadStringRange()));

    /// <summary>The bytes between the quotes, escapes included; checked, not decoded.</summary>
    public Range ReadStringRange()
    {
        Expect('"');
        int start = _at;
        while (true)
        {
            if (_at == text.Length) throw Syntax(start - 1, "string without closing quote");
            byte c = Text[_at];
            if (c == '"') return start.._at++;
            if (c is (byte)'\n' or (byte)'\r') throw Syntax(_at, "line break inside a string", "write \\n or \\r");
            if (c == '\\')
            {
                if (++_at == text.Length || !"nrt\\\""u8.Contains(Text[_at]))
                    throw Syntax(_at - 1, "unknown escape in a string", "the runtime knows \\n \\r \\t \\\\ and \\\"");
            }
            _at++;
        }
    }

    /// <summary>The bytes of a string range with escapes replaced.</summary>
    public byte[] Unescape(Range range)
    {
        var raw = Text[range];
        if (!raw.Contains((byte)'\\')) return raw.ToArray();
        var bytes = new List<byte>(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            bytes.Add(raw[i] != '\\' ? raw[i] : raw[++i] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                var c => c,
            });
        }
        return [.. bytes];
    }

    /// <summary>A whole array whose elements <paramref name="read"/> reads.</summary>
    public List<T> ReadList<T>(Func<T> read)
    {
        var list = new List<T>();
        var items = Open('[');
        while (NextItem(ref items)) list.Add(read());
        return list;
    }

    public int ReadInt() => (int)ReadInteger(int.MinValue, int.MaxValue);

    public long ReadLong() => (long)ReadInteger(long.MinValue, long.MaxValue);

    /// <summary>An unsigned field; a leading minus negates modulo 2^32, as the reference's number reader does.</summary>
    public uint ReadUInt() => unchecked((uint)(long)ReadInteger(-(Int128)uint.MaxValue, uint.MaxValue));

    private Int128 ReadInteger(Int128 min, Int128 max)
    {
        SkipSpace();
        int start = _at;
        bool negative = _at < text.Length && Text[_at] == '-';
        if (negative || (_at < text.Length && Text[_at] == '+')) _at++;
        int digits = _at;
        Int128 value = 0;
        for (; _at < text.Length && char.IsAsciiDigit((char)Text[_at]); _at++)
            if (value <= ulong.MaxValue) value = value * 10 + (Text[_at] - '0');
        if (digits == _at) throw Unexpected(start, "an integer");
        if (negative) value = -value;
        return value >= min && value <= max ? value : throw Syntax(start, $"integer outside {min}..{max}");
    }

    public DiagnosticException Syntax(int offset, string message, string? hint = null) =>
        new(CvmCodes.Syntax, message, locate(offset), hint, FailureClass.Runtime);

    public DiagnosticException Schema(int offset, string message, string? hint = null) =>
        new(CvmCodes.Schema, message, locate(offset), hint, FailureClass.Logic);

    public DiagnosticException UnknownKey(int offset, string key, string known) =>
        new(CvmCodes.UnknownKey, $"unknown key '{key}'", locate(offset), $"known here: {known}", FailureClass.Runtime);

    private void Expect(char wanted)
    {
        SkipSpace();
        if (_at == text.Length || Text[_at] != wanted) throw Unexpected(_at, $"'{wanted}'");
        _at++;
    }

    private DiagnosticException Unexpected(int offset, string wanted)
    {
        string found = offset >= text.Length
            ? "the end of the text" : Text[offset] is > 0x20 and < 0x7f ? $"'{(char)Text[offset]}'" : $"byte {Text[offset]}";
        return Syntax(offset, $"expected {wanted}, found {found}");
    }

    private void SkipSpace()
    {
        while (_at < text.Length && Text[_at] is 0x20 or (>= 0x09 and <= 0x0d)) _at++;
    }

    /// <summary>An open object or array: its closing bracket and how many times its next element was asked for.</summary>
    internal struct Container
    {
        public char Closer;
        public int Count;
    }
}

using System.Globalization;
using System.Text;
using CortexMl.Diagnostics;

namespace CortexMl.Chain.Torrent;

/// <summary>Reads bencode strictly: canonical integers and lengths, sorted keys without repetition, nothing behind the value.</summary>
public sealed class BencodeReader
{
    public const int MaxDepth = 64;

    /// <summary>A torrent of a model has about twenty values; many small ones take far more memory than their bytes.</summary>
    private const int MaxValues = 1 << 18;

    /// <summary>More digits do not fit 64 bits.</summary>
    private const int MaxDigits = 19;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly string _name;
    private int _at;
    private int _values;

    private BencodeReader(ReadOnlyMemory<byte> data, string name) => (_data, _name) = (data, name);

    /// <param name="name">What messages call the bytes.</param>
    /// <exception cref="DiagnosticException">CML1005 with the byte offset.</exception>
    public static Bencode Read(ReadOnlyMemory<byte> data, string name)
    {
        var reader = new BencodeReader(data, name);
        var value = reader.ReadValue(0);
        return reader._at == data.Length ? value
            : throw reader.Malformed($"{Counted.Of(data.Length - reader._at, "byte follows", "bytes follow")} the value");
    }

    private Bencode ReadValue(int depth)
    {
        if (depth > MaxDepth) throw Malformed($"values nest deeper than {MaxDepth}");
        if (++_values > MaxValues) throw Malformed($"more than {MaxValues} values");
        int start = _at;
        switch (Peek())
        {
            case 'i':
                _at++;
                return new BencodeInteger(ReadNumber('e', signed: true));
            case 'l':
                _at++;
                var items = new List<Bencode>();
                while (!TryEnd()) items.Add(ReadValue(depth + 1));
                return new BencodeList(items);
            case 'd':
                _at++;
                var entries = ReadEntries(depth);
                return new BencodeDictionary(entries, _data[start.._at]);
            default:
                return new BencodeBytes(ReadBytes());
        }
    }

    private List<KeyValuePair<string, Bencode>> ReadEntries(int depth)
    {
        var entries = new List<KeyValuePair<string, Bencode>>();
        ReadOnlyMemory<byte> previous = default;
        while (!TryEnd())
        {
            int at = _at;
            var key = ReadBytes();
            if (entries.Count > 0 && previous.Span.SequenceCompareTo(key.Span) >= 0)
            {
                _at = at;
                throw Malformed("the keys of a dictionary are not in order");
            }
            entries.Add(KeyValuePair.Create(Encoding.UTF8.GetString(key.Span), ReadValue(depth + 1)));
            previous = key;
        }
        return entries;
    }

    private ReadOnlyMemory<byte> ReadBytes()
    {
        if (!char.IsAsciiDigit(Peek())) throw Malformed("expected i, l, d or the length of a string");
        long length = ReadNumber(':', signed: false);
        if (length > _data.Length - _at)
            throw Malformed($"a string of {Counted.Of(length, "byte")}; {Counted.Of(_data.Length - _at, "remains", "remain")}");
        var bytes = _data.Slice(_at, (int)length);
        _at += (int)length;
        return bytes;
    }

    private long ReadNumber(char end, bool signed)
    {
        var rest = _data.Span[_at..];
        int length = rest[..Math.Min(rest.Length, MaxDigits + 2)].IndexOf((byte)end);
        if (length < 0) throw Malformed($"a number must end with '{end}'");
        string text = Encoding.Latin1.GetString(rest[..length]);
        bool isCanonical =
            long.TryParse(text, signed ? NumberStyles.AllowLeadingSign : NumberStyles.None, CultureInfo.InvariantCulture, out long value)
            && value.ToString(CultureInfo.InvariantCulture) == text;
        if (!isCanonical) throw Malformed("a number is not written as it must be: digits without leading zeros");
        _at += length + 1;
        return value;
    }

    private bool TryEnd()
    {
        if (Peek() != 'e') return false;
        _at++;
        return true;
    }

    private char Peek() => _at < _data.Length ? (char)_data.Span[_at] : throw Malformed("the data ends too early");

    private DiagnosticException Malformed(string message) => new(ChainCodes.Bencode, message, SourceLocation.At(_name, _at));
}

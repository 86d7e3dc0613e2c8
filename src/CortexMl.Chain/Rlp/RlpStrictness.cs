using CortexMl.Diagnostics;

namespace CortexMl.Chain.Rlp;

/// <summary>
/// What the library accepts and an account must not hold: bytes behind the item, lengths written longer than needed or beyond the data,
/// lists without end. Nothing is copied.
/// </summary>
internal ref struct RlpStrictness
{
    /// <summary>Deeper nesting is refused; account codes nest two deep.</summary>
    public const int MaxDepth = 64;

    /// <summary>Longest string or list whose length stands in the first byte.</summary>
    private const int ShortLength = 55;

    private readonly ReadOnlySpan<byte> _data;
    private readonly string _name;
    private int _at;

    private RlpStrictness(ReadOnlySpan<byte> data, string name)
    {
        _data = data;
        _name = name;
    }

    /// <exception cref="DiagnosticException">CML1002 with the byte offset.</exception>
    public static void Check(ReadOnlySpan<byte> data, string name)
    {
        var check = new RlpStrictness(data, name);
        check.Item(data.Length, 0);
        if (check._at < data.Length) throw check.Malformed(check._at, $"{Counted.Of(data.Length - check._at, "byte")} behind the item");
    }

    /// <param name="end">Where the surrounding list ends.</param>
    private void Item(int end, int depth)
    {
        int start = _at;
        if (start >= end) throw Malformed(start, "an item is missing");
        byte first = _data[_at++];
        if (first < 0x80) return;
        bool isList = first >= 0xc0;
        int length = Length(first - (isList ? 0xc0 : 0x80), end, start);
        if (isList)
        {
            List(_at + length, depth);
            return;
        }
        if (length == 1 && _data[_at] < 0x80)
            throw Malformed(start, $"the byte 0x{_data[_at]:x2} has a length; below 0x80 it stands for itself");
        _at += length;
    }

    private void List(int end, int depth)
    {
        if (depth == MaxDepth) throw Malformed(_at, $"lists nest deeper than {MaxDepth}");
        while (_at < end) Item(end, depth + 1);
    }

    private int Length(int code, int end, int start)
    {
        long length = code;
        if (code > ShortLength)
        {
            int size = code - ShortLength;
            if (size > end - _at) throw Malformed(start, "the length is cut off");
            if (_data[_at] == 0) throw Malformed(start, "the length has leading zeros");
            if (size > sizeof(int))
                throw Malformed(start,
                    $"a length of {Counted.Of(size, "byte")}; {Counted.Of(end - _at - size, "byte remains", "bytes remain")}");
            length = 0;
            for (int i = 0; i < size; i++) length = length << 8 | _data[_at++];
            if (length <= ShortLength)
                throw Malformed(start, $"the length {length} is written long; up to {ShortLength} it stands in the first byte");
        }
        return length <= end - _at ? (int)length
            : throw Malformed(start, $"an item of {Counted.Of((long)length, "byte")}; {Counted.Of(end - _at, "remains", "remain")}");
    }

    private readonly DiagnosticException Malformed(int offset, string message) =>
        new(ChainCodes.Rlp, message, SourceLocation.At(_name, offset));
}

using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Rlp;

/// <summary>Reads RLP strictly: only what <see cref="RlpWriter"/> writes is accepted, so that equal items have equal bytes.</summary>
public sealed class RlpReader
{
    /// <summary>Deeper nesting is refused; account codes nest two deep.</summary>
    public const int MaxDepth = 64;

    private readonly ReadOnlyMemory<byte> _data;
    private readonly string _name;
    private int _at;

    private RlpReader(ReadOnlyMemory<byte> data, string name) => (_data, _name) = (data, name);

    /// <param name="name">What messages call the bytes.</param>
    /// <exception cref="DiagnosticException">CML1002 with the byte offset.</exception>
    public static RlpItem Read(ReadOnlyMemory<byte> data, string name)
    {
        var reader = new RlpReader(data, name);
        var item = reader.ReadItem(data.Length, 0);
        return reader._at == data.Length ? item : throw reader.Malformed(reader._at, $"{data.Length - reader._at} bytes follow the item");
    }

    /// <param name="end">Where the surrounding list ends.</param>
    private RlpItem ReadItem(int end, int depth)
    {
        int start = _at;
        if (start >= end) throw Malformed(start, "an item is missing");
        byte first = _data.Span[_at++];
        if (first < 0x80) return new RlpBytes(_data.Slice(start, 1));
        bool isList = first >= 0xc0;
        int length = ReadLength(first - (isList ? 0xc0 : 0x80), end, start);
        if (isList) return ReadList(_at + length, depth);
        var value = _data.Slice(_at, length);
        if (length == 1 && value.Span[0] < 0x80) throw Malformed(start, $"the byte 0x{value.Span[0]:x2} has a length; below 0x80 it stands for itself");
        _at += length;
        return new RlpBytes(value);
    }

    private RlpList ReadList(int end, int depth)
    {
        if (depth == MaxDepth) throw Malformed(_at, $"lists nest deeper than {MaxDepth}");
        var items = new List<RlpItem>();
        while (_at < end) items.Add(ReadItem(end, depth + 1));
        return new RlpList(items);
    }

    private int ReadLength(int code, int end, int start)
    {
        long length = code;
        if (code > RlpWriter.ShortLength)
        {
            int size = code - RlpWriter.ShortLength;
            if (size > end - _at) throw Malformed(start, "the length is cut off");
            if (_data.Span[_at] == 0) throw Malformed(start, "the length has leading zeros");
            if (size > sizeof(int)) throw Malformed(start, $"a length of {size} bytes; {end - _at - size} bytes remain");
            length = 0;
            for (int i = 0; i < size; i++) length = length << 8 | _data.Span[_at++];
            if (length <= RlpWriter.ShortLength) throw Malformed(start, $"the length {length} is written long; up to {RlpWriter.ShortLength} it stands in the first byte");
        }
        return length <= end - _at ? (int)length : throw Malformed(start, $"an item of {length} bytes; {end - _at} remain");
    }

    private DiagnosticException Malformed(int offset, string message) => new(ChainCodes.Rlp, message, SourceLocation.At(_name, offset));
}

using System.Globalization;
using CortexMl.Diagnostics;
using Google.Protobuf.Reflection;

namespace CortexMl.Frontends.Onnx.Read;

/// <summary>
/// Walks the wire format before it is parsed and adds up what its messages will take in memory: an empty message is two bytes in the file
/// and hundreds as an object.
/// </summary>
internal sealed class MessageCensus
{
    /// <summary>About what a message with its empty lists takes, and a string beside its characters.</summary>
    private const long BytesPerMessage = 320, BytesPerString = 40;

    private const int DeepestNesting = 90;

    private readonly Stream _stream;
    private readonly string _file;
    private readonly long _limit;
    private long _bytes;

    private MessageCensus(Stream stream, string file)
    {
        _stream = stream;
        _file = file;
        _limit = (48L << 20) + 12 * stream.Length;
    }

    /// <exception cref="DiagnosticException">
    /// CML0202: lengths that lie, or too deep; CML0106: too many messages for the file's size.
    /// </exception>
    public static void Check(Stream file, MessageDescriptor root, string name)
    {
        var stream = new BufferedStream(file, 1 << 16);
        new MessageCensus(stream, name).Walk(root, stream.Length, 0);
    }

    private void Walk(MessageDescriptor message, long end, int depth)
    {
        if (depth > DeepestNesting) throw Malformed("messages are nested too deep");
        while (_stream.Position < end)
        {
            // Tags and lengths are numbers of several bytes: each may begin in the message and end behind it.
            ulong tag = Varint();
            switch (tag & 7)
            {
                case 0: Varint(); break;
                case 1: Skip(8, end); break;
                case 5: Skip(4, end); break;
                case 2: Field(tag >> 3 <= int.MaxValue ? message.FindFieldByNumber((int)(tag >> 3)) : null, end, depth); break;
                default: throw Malformed(string.Create(CultureInfo.InvariantCulture, $"wire type {tag & 7}"));
            }
        }
        if (_stream.Position > end) throw Malformed("a number reaches beyond its message");
    }

    private void Field(FieldDescriptor? field, long end, int depth)
    {
        ulong length = Varint();
        if (length > (ulong)Math.Max(0, end - _stream.Position))
            throw Malformed(
                string.Create(CultureInfo.InvariantCulture, $"a field of {Counted.Of(length, "byte")} does not fit its message"));
        if (field?.FieldType == FieldType.Message)
        {
            Count(BytesPerMessage);
            Walk(field.MessageType, _stream.Position + (long)length, depth + 1);
            return;
        }
        if (field?.FieldType is FieldType.String or FieldType.Bytes)
            Count(BytesPerString + (field.FieldType == FieldType.String ? 2 : 1) * (long)length);
        Skip((long)length, end);
    }

    private void Count(long bytes)
    {
        _bytes += bytes;
        if (_bytes > _limit)
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                $"{_file} holds more nodes and names than a model of its size can need", new SourceLocation(_file));
    }

    private void Skip(long bytes, long end)
    {
        if (bytes > end - _stream.Position) throw Malformed("it ends in the middle of a field");
        _stream.Seek(bytes, SeekOrigin.Current);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            int next = _stream.ReadByte();
            if (next < 0) throw Malformed("it ends in the middle of a field");
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return value;
        }
        throw Malformed("a number has more than 10 bytes");
    }

    private DiagnosticException Malformed(string message) => new(FrontendCodes.ModelMalformed,
        $"{_file} is not a whole ONNX file: {message}", SourceLocation.At(_file, _stream.Position),
        "the file was cut off or damaged, or is of another format: copy it again");
}

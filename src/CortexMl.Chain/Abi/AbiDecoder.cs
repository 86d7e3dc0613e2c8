using System.Numerics;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Abi;

/// <summary>
/// Reads values strictly: every offset points behind what was read before, so no byte is read twice and work is linear in the data; padding is zero,
/// integers are in range, nothing follows the last value.
/// </summary>
internal sealed class AbiDecoder
{
    private const string Name = "ABI data";

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _data;

    private AbiDecoder(ReadOnlyMemory<byte> data) => _data = data;

    public static IReadOnlyList<object> Decode(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data)
    {
        int end = 0;
        var values = new AbiDecoder(data).Sequence(i => types[i], types.Count, types.Sum(t => t.HeadSize), ref end);
        return end == data.Length ? values : throw Malformed(end, $"{data.Length - end} bytes follow the last value");
    }

    /// <param name="at">Where the value starts; afterwards, where it ends.</param>
    private object Read(AbiType type, ref int at) => type switch
    {
        AbiInteger integer => Integer(integer, ref at),
        AbiBool => Integer(new AbiInteger(8, false), ref at) switch { { IsZero: true } => false, { IsOne: true } => true, _ => throw Malformed(at - ChainRules.WordSize, "a bool that is neither 0 nor 1") },
        AbiAddress => Address.Of(Padded(ref at, ChainRules.AddressSize, leading: true)),
        AbiFixedBytes bytes => Padded(ref at, bytes.Size, leading: false).ToArray(),
        AbiBytes => Bytes(ref at).ToArray(),
        AbiString => Text(ref at),
        AbiArray { Length: { } length } array => Sequence(_ => array.Element, length, array.Element.HeadSize * length, ref at),
        AbiArray array => Counted(array, ref at),
        AbiTuple tuple => Sequence(i => tuple.Components[i], tuple.Components.Count, tuple.Components.Sum(c => c.HeadSize), ref at),
        _ => throw new ArgumentException($"{type.GetType()} is no ABI type"),
    };

    private object[] Sequence(Func<int, AbiType> type, int count, long headSize, ref int at)
    {
        int start = at;
        if (headSize > _data.Length - start) throw Malformed(start, $"{headSize} bytes are needed, {_data.Length - start} remain");
        int head = start, tail = start + (int)headSize;
        var values = new object[count];
        for (int i = 0; i < count; i++)
        {
            var member = type(i);
            if (!member.IsDynamic)
            {
                values[i] = Read(member, ref head);
                continue;
            }
            var offset = Word(ref head);
            if (offset != tail - start) throw Malformed(head - ChainRules.WordSize, $"a value of {member.Name} must follow at offset {tail - start}");
            values[i] = Read(member, ref tail);
        }
        at = tail;
        return values;
    }

    private object[] Counted(AbiArray array, ref int at)
    {
        int count = Length(ref at, array.Element.HeadSize, array.Name);
        return Sequence(_ => array.Element, count, array.Element.HeadSize * count, ref at);
    }

    private BigInteger Integer(AbiInteger type, ref int at)
    {
        var value = new BigInteger(Take(ref at, ChainRules.WordSize), isUnsigned: !type.IsSigned, isBigEndian: true);
        var end = BigInteger.One << (type.IsSigned ? type.Bits - 1 : type.Bits);
        return value < end && value >= -end ? value : throw Malformed(at - ChainRules.WordSize, $"a number that does not fit {type.Name}");
    }

    private string Text(ref int at)
    {
        int start = at;
        try
        {
            return s_strict.GetString(Bytes(ref at));
        }
        catch (DecoderFallbackException)
        {
            throw Malformed(start, "a string that is not UTF-8");
        }
    }

    private ReadOnlySpan<byte> Bytes(ref int at)
    {
        int length = Length(ref at, 1, "bytes");
        var bytes = Take(ref at, length);
        if (Take(ref at, AbiWord.Padding(length)).ContainsAnyExcept((byte)0)) throw Malformed(at, "the bytes behind a value are not zero");
        return bytes;
    }

    /// <summary>A count of things that follow, each of at least so many bytes.</summary>
    private int Length(ref int at, long size, string what)
    {
        var length = Word(ref at);
        int remaining = _data.Length - at;
        return length * size <= remaining ? (int)length : throw Malformed(at - ChainRules.WordSize, $"the length of {what} does not fit the {remaining} bytes that remain");
    }

    private ReadOnlySpan<byte> Padded(ref int at, int size, bool leading)
    {
        var word = Take(ref at, ChainRules.WordSize);
        int padding = ChainRules.WordSize - size;
        if ((leading ? word[..padding] : word[size..]).ContainsAnyExcept((byte)0)) throw Malformed(at - ChainRules.WordSize, "the bytes beside a value are not zero");
        return leading ? word[padding..] : word[..size];
    }

    private BigInteger Word(ref int at) => new(Take(ref at, ChainRules.WordSize), isUnsigned: true, isBigEndian: true);

    private ReadOnlySpan<byte> Take(ref int at, int size)
    {
        if (size > _data.Length - at) throw Malformed(at, $"{size} bytes are needed, {_data.Length - at} remain");
        var taken = _data.Span.Slice(at, size);
        at += size;
        return taken;
    }

    private static DiagnosticException Malformed(int offset, string message) => new(ChainCodes.AbiData, message, SourceLocation.At(Name, offset));
}

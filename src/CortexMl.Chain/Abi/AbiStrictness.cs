using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Chain.Abi;

/// <summary>
/// Looks at every word before the library decodes it, which accepts a bool of 2, dirty padding, and offsets and lengths beyond the data.
/// No more bytes are looked at than there are, whatever offsets say, so that work is linear in the data. Gaps, other orders and bytes
/// left over are no mistake of the data, since contracts accept them: they are noted, and the values are put where an encoder has them,
/// which is the only place where the library finds them.
/// </summary>
internal sealed class AbiStrictness
{
    private const string Name = "ABI data";

    private const int WordSize = ChainRules.WordSize;

    private static readonly UTF8Encoding s_strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly ReadOnlyMemory<byte> _data;
    private readonly List<Diagnostic> _irregular = [];

    /// <summary>The same values without gaps; never longer than the data, since no byte is read twice.</summary>
    private readonly byte[] _regular;

    /// <summary>Bytes of <see cref="_regular"/> that are taken.</summary>
    private int _length;

    private AbiStrictness(ReadOnlyMemory<byte> data) => (_data, _regular) = (data, new byte[data.Length]);

    /// <summary>The bytes that an encoder writes for the values of the data.</summary>
    /// <param name="irregular">Where the data is something else, as warnings.</param>
    /// <exception cref="DiagnosticException">CML1012: the bytes are no encoding of these types.</exception>
    public static byte[] Regular(IReadOnlyList<AbiType> types, ReadOnlyMemory<byte> data, out IReadOnlyList<Diagnostic> irregular)
    {
        var check = new AbiStrictness(data);
        int end = check.Sequence(i => types[i], types.Count, types.Sum(t => t.HeadSize), 0, null);
        if (end < data.Length) check.Irregular(end, $"{Counted.Of(data.Length - end, "byte follows", "bytes follow")} the last value");
        irregular = check._irregular;
        return check._regular[..check._length];
    }

    /// <param name="at">Where the value stands.</param>
    /// <param name="to">Where its word or words go; null behind what is there already, as for every dynamic value.</param>
    /// <returns>Where the value ends.</returns>
    private int Value(AbiType type, int at, int? to) => type switch
    {
        AbiInteger integer => Integer(integer, at, to, "a number that does not fit"),
        AbiBool => Integer(new AbiInteger(1, false), at, to, "a bool that is neither 0 nor 1"),
        AbiAddress => Padded(at, to, WordSize - ChainRules.AddressSize, leading: true),
        AbiFixedBytes bytes => Padded(at, to, WordSize - bytes.Size, leading: false),
        AbiBytes => Bytes(at, out _),
        AbiString => Text(at),
        AbiArray { Length: { } length } array => Sequence(_ => array.Element, length, array.Element.HeadSize * length, at, to),
        AbiArray array => Several(array, at),
        AbiTuple tuple => Sequence(i => tuple.Components[i], tuple.Components.Count, tuple.Components.Sum(c => c.HeadSize), at, to),
        _ => throw new ArgumentException($"{type.GetType()} is no ABI type"),
    };

    // heads: the static values and the offsets of the dynamic ones, which an encoder puts behind them in their order
    private int Sequence(Func<int, AbiType> type, int count, long headSize, int start, int? to)
    {
        if (headSize > _data.Length - start)
            throw Malformed(start,
                $"{Counted.Of(headSize, "byte is", "bytes are")} needed, {Counted.Of(_data.Length - start, "remains", "remain")}");
        int place = to ?? Reserve(start, (int)headSize);
        int head = start, next = start + (int)headSize, end = next;
        for (int i = 0; i < count; i++)
        {
            var member = type(i);
            int slot = place + head - start;
            if (!member.IsDynamic)
            {
                head = Value(member, head, slot);
                continue;
            }
            var offset = Word(head);
            if (offset > _data.Length - start) throw Malformed(head, $"the offset of a value of {member.Name} leads beyond the data");
            int at = start + (int)offset;
            if (at != next)
                Irregular(head, $"a value of {member.Name} stands at offset {offset}, where an encoder puts it at {next - start}");
            BinaryPrimitives.WriteInt32BigEndian(_regular.AsSpan(slot + WordSize - sizeof(int)), _length - place);
            head += WordSize;
            next = Value(member, at, null);
            end = Math.Max(end, next);
        }
        return end;
    }

    private int Several(AbiArray array, int at)
    {
        int count = Length(at, array.Element.HeadSize, array.Name);
        return Sequence(_ => array.Element, count, array.Element.HeadSize * count, at + WordSize, null);
    }

    private int Integer(AbiInteger type, int at, int? to, string problem)
    {
        var value = new BigInteger(Take(at, WordSize, to), isUnsigned: !type.IsSigned, isBigEndian: true);
        var end = BigInteger.One << (type.IsSigned ? type.Bits - 1 : type.Bits);
        if (value < end && value >= -end) return at + WordSize;
        throw Malformed(at, type.Bits == 1 ? problem : $"{problem} {type.Name}");
    }

    private int Text(int at)
    {
        int end = Bytes(at, out var bytes);
        try
        {
            s_strict.GetCharCount(bytes);
            return end;
        }
        catch (DecoderFallbackException)
        {
            throw Malformed(at, "a string that is not UTF-8");
        }
    }

    private int Bytes(int at, out ReadOnlySpan<byte> bytes)
    {
        int length = Length(at, 1, "bytes"), first = at + WordSize, padding = (WordSize - length % WordSize) % WordSize;
        bytes = Take(first, length, null);
        if (Take(first + length, padding, null).ContainsAnyExcept((byte)0))
            throw Malformed(first + length, "the bytes behind a value are not zero");
        return first + length + padding;
    }

    /// <summary>A count of things that follow, each of at least so many bytes.</summary>
    private int Length(int at, long size, string what)
    {
        var length = Word(at);
        int remaining = _data.Length - at - WordSize;
        if (length * size > remaining)
            throw Malformed(at, $"the length of {what} does not fit the {Counted.Of(remaining, "byte that remains", "bytes that remain")}");
        Take(at, WordSize, null);
        return (int)length;
    }

    private int Padded(int at, int? to, int padding, bool leading)
    {
        var word = Take(at, WordSize, to);
        if ((leading ? word[..padding] : word[^padding..]).ContainsAnyExcept((byte)0))
            throw Malformed(at, "the bytes beside a value are not zero");
        return at + WordSize;
    }

    private BigInteger Word(int at) => new(Read(at, WordSize), isUnsigned: true, isBigEndian: true);

    private ReadOnlySpan<byte> Take(int at, int size, int? to)
    {
        var taken = Read(at, size);
        taken.CopyTo(_regular.AsSpan(to ?? Reserve(at, size), size));
        return taken;
    }

    private ReadOnlySpan<byte> Read(int at, int size) => size <= _data.Length - at ? _data.Span.Slice(at, size)
        : throw Malformed(at, $"{Counted.Of(size, "byte is", "bytes are")} needed, {Counted.Of(_data.Length - at, "remains", "remain")}");

    private int Reserve(int at, int size)
    {
        if (size > _regular.Length - _length) throw Malformed(at, "offsets make values overlap: more bytes are read than there are");
        _length += size;
        return _length - size;
    }

    private void Irregular(int offset, string message) =>
        _irregular.Add(new Diagnostic(ChainCodes.IrregularData, Severity.Warning, message, SourceLocation.At(Name, offset)));

    private static DiagnosticException Malformed(int offset, string message) =>
        new(ChainCodes.AbiData, message, SourceLocation.At(Name, offset));
}

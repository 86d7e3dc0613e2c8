using System.Buffers;
using System.Buffers.Binary;

namespace CortexMl.Passes.Calibrate.Parts;

/// <summary>Writes numbers in few bytes: whole ones of 7 bits a byte, the lowest first, the last without its highest bit.</summary>
internal sealed class CompactWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new();

    /// <param name="number">From 0 on.</param>
    public void Add(long number)
    {
        for (; number >= 128; number >>= 7) _bytes.Write([(byte)(number | 128)]);
        _bytes.Write([(byte)number]);
    }

    /// <summary>The bits of a number, 4 bytes.</summary>
    public void Add(float number)
    {
        Span<byte> bits = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bits, number);
        _bytes.Write(bits);
    }

    /// <summary>8 bytes.</summary>
    public void Add(ulong digest)
    {
        Span<byte> bits = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bits, digest);
        _bytes.Write(bits);
    }

    public byte[] ToArray() => _bytes.WrittenSpan.ToArray();
}

/// <summary>Reads what <see cref="CompactWriter"/> wrote; whatever the bytes are, it reads no further than they go.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> bytes)
{
    private const int Bits = 7, MostBits = 63;

    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>Whether nothing is left.</summary>
    public readonly bool IsAtEnd => _rest.IsEmpty;

    /// <param name="most">The largest number that makes sense.</param>
    /// <exception cref="FormatException">The bytes end, or the number is larger.</exception>
    public long Whole(long most = long.MaxValue)
    {
        long number = 0;
        for (int shift = 0; shift < MostBits; shift += Bits)
        {
            byte next = Take(1)[0];
            number |= (long)(next & 127) << shift;
            if (next < 128) return number >= 0 && number <= most ? number : throw new FormatException("a number is too large");
        }
        throw new FormatException("a number does not end");
    }

    /// <exception cref="FormatException">The bytes end, or the number is not finite.</exception>
    public float Number()
    {
        float number = BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));
        return float.IsFinite(number) ? number : throw new FormatException("a number is not finite");
    }

    /// <exception cref="FormatException">The bytes end.</exception>
    public ulong Digest() => BinaryPrimitives.ReadUInt64LittleEndian(Take(sizeof(ulong)));

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _rest.Length) throw new FormatException("the statistics end too early");
        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }
}

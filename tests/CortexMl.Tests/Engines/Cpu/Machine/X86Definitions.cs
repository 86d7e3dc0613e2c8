using Iced.Intel;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>What an instruction computes, element by element in 64 bits. Source: Intel, Software Developer's Manual, volume 2.</summary>
internal sealed class X86Definitions(byte[] left, byte[] right, byte[] old, int number)
{
    private const int Block = 16;

    /// <param name="bytes">Of the result.</param>
    public byte[] Of(Mnemonic mnemonic, int bytes) => mnemonic switch
    {
        Mnemonic.Vmovdqu or Mnemonic.Vmovdqu32 => Elements(bytes, 1, i => Unsigned(left, i, 1)),
        Mnemonic.Vmovd => Elements(bytes, 1, i => i < 4 ? Unsigned(left, i, 1) : 0),
        Mnemonic.Vmovq => Elements(bytes, 1, i => i < 8 ? Unsigned(left, i, 1) : 0),
        Mnemonic.Vmovhps => Elements(bytes, 1, i => Unsigned(left, 8 + i, 1)),
        Mnemonic.Vpbroadcastd => Elements(bytes, 4, _ => Signed(left, 0, 4)),
        Mnemonic.Vextracti128 => Elements(bytes, 1, i => Unsigned(left, i + (Block * (number % 2)), 1)),
        Mnemonic.Vextracti32x4 => Elements(bytes, 1, i => Unsigned(left, i + (Block * (number % 4)), 1)),
        Mnemonic.Vextracti64x4 => Elements(bytes, 1, i => Unsigned(left, i + (2 * Block * (number % 2)), 1)),
        Mnemonic.Vinserti128 => Elements(bytes, 1, i => i / Block == number % 2 ? Unsigned(right, i % Block, 1) : Unsigned(left, i, 1)),

        Mnemonic.Vpxor or Mnemonic.Vpxord => Elements(bytes, 1, i => Unsigned(left, i, 1) ^ Unsigned(right, i, 1)),
        Mnemonic.Vpaddd => Elements(bytes, 4, i => Signed(left, i, 4) + Signed(right, i, 4)),
        Mnemonic.Vpsubd => Elements(bytes, 4, i => Signed(left, i, 4) - Signed(right, i, 4)),
        Mnemonic.Vpmulld => Elements(bytes, 4, i => Signed(left, i, 4) * Signed(right, i, 4)),
        Mnemonic.Vpaddw => Elements(bytes, 2, i => Signed(left, i, 2) + Signed(right, i, 2)),
        Mnemonic.Vpminsd => Elements(bytes, 4, i => Math.Min(Signed(left, i, 4), Signed(right, i, 4))),
        Mnemonic.Vpmaxsd => Elements(bytes, 4, i => Math.Max(Signed(left, i, 4), Signed(right, i, 4))),
        Mnemonic.Vpmaxsw => Elements(bytes, 2, i => Math.Max(Signed(left, i, 2), Signed(right, i, 2))),
        Mnemonic.Vpcmpeqd => Elements(bytes, 4, i => Signed(left, i, 4) == Signed(right, i, 4) ? -1 : 0),
        Mnemonic.Vpminub => Elements(bytes, 1, i => Math.Min(Unsigned(left, i, 1), Unsigned(right, i, 1))),
        Mnemonic.Vpmaxub => Elements(bytes, 1, i => Math.Max(Unsigned(left, i, 1), Unsigned(right, i, 1))),
        Mnemonic.Vpsrad => Elements(bytes, 4, i => Signed(left, i, 4) >> Math.Min(number, 63)),
        Mnemonic.Vpslld => Elements(bytes, 4, i => number > 31 ? 0 : Signed(left, i, 4) * (1L << number)),

        Mnemonic.Vpmaddubsw => Elements(bytes, 2, i => Math.Clamp(Products(i, 1, 2), short.MinValue, short.MaxValue)),
        Mnemonic.Vpmaddwd => Elements(bytes, 4, i => Products(i, 2, 2)),
        Mnemonic.Vpdpbusd => Elements(bytes, 4, i => Signed(old, i, 4) + Products(i, 1, 4)),
        Mnemonic.Vpdpwssd => Elements(bytes, 4, i => Signed(old, i, 4) + Products(i, 2, 2)),

        Mnemonic.Vpmovzxbd => Elements(bytes, 4, i => Unsigned(left, i, 1)),
        Mnemonic.Vpmovzxbw => Elements(bytes, 2, i => Unsigned(left, i, 1)),
        Mnemonic.Vpmovsxwd => Elements(bytes, 4, i => Signed(left, i, 2)),
        Mnemonic.Vpmovdb => Elements(bytes, 1, i => Unsigned(left, 4 * i, 1)),
        Mnemonic.Vpmovdw => Elements(bytes, 2, i => Unsigned(left, 2 * i, 2)),
        Mnemonic.Vpackssdw => Elements(bytes, 2, i => Math.Clamp(Packed(i, 2), short.MinValue, short.MaxValue)),
        Mnemonic.Vpacksswb => Elements(bytes, 1, i => Math.Clamp(Packed(i, 1), sbyte.MinValue, sbyte.MaxValue)),
        Mnemonic.Vpackuswb => Elements(bytes, 1, i => Math.Clamp(Packed(i, 1), byte.MinValue, byte.MaxValue)),

        Mnemonic.Vpermd => Elements(bytes, 4, i => Signed(right, (int)(Unsigned(left, i, 4) % (bytes / 4)), 4)),
        Mnemonic.Vpermq => Elements(bytes, 8, i => Signed(left, (number >> (2 * i)) % 4, 8)),
        Mnemonic.Vpunpcklbw => Elements(bytes, 1, i => Unpacked(i, 1, 0)),
        Mnemonic.Vpunpckhbw => Elements(bytes, 1, i => Unpacked(i, 1, 8)),
        Mnemonic.Vpunpcklwd => Elements(bytes, 2, i => Unpacked(i, 2, 0)),
        Mnemonic.Vpunpckhwd => Elements(bytes, 2, i => Unpacked(i, 2, 4)),
        _ => throw new InvalidOperationException($"{mnemonic} has no definition"),
    };

    /// <summary>The sum of products of neighbours: unsigned bytes with signed ones, or signed shorts.</summary>
    private long Products(int element, int size, int count) => Enumerable.Range(element * count, count).Sum(i =>
        (size == 1 ? Unsigned(left, i, 1) : Signed(left, i, size)) * Signed(right, i, size));

    /// <summary>What an element of a packed block is made of.</summary>
    /// <param name="size">Of the element.</param>
    private long Packed(int element, int size)
    {
        int perBlock = Block / size, half = perBlock / 2, inBlock = element % perBlock;
        return Signed(inBlock < half ? left : right, (element / perBlock * half) + (inBlock % half), 2 * size);
    }

    private long Unpacked(int element, int size, int first)
    {
        int perBlock = Block / size;
        return Unsigned(element % 2 == 0 ? left : right, (element / perBlock * perBlock) + first + (element % perBlock / 2), size);
    }

    private static byte[] Elements(int bytes, int size, Func<int, long> element) =>
        [.. Enumerable.Range(0, bytes / size).SelectMany(i => BitConverter.GetBytes(element(i)).Take(size))];

    private static long Unsigned(byte[] bytes, int element, int size) =>
        Enumerable.Range(0, size).Sum(i => (long)bytes[(element * size) + i] << (8 * i));

    private static long Signed(byte[] bytes, int element, int size)
    {
        long value = 0;
        for (int i = size - 1; i >= 0; i--) value = (value << 8) | bytes[(element * size) + i];
        int above = 64 - (8 * size);
        return value << above >> above;
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CortexMl.Fuzz.Mutations;

/// <summary>Changes that know nothing of the format; numbers of 1 to 8 bytes in both orders stand for its counts and lengths.</summary>
internal static class ByteChange
{
    private static readonly ulong[] s_extremes =
    [
        0, 1, 2, 3, 7, 8, 16, 31, 32, 33, 64, 127, 128, 255, 256, 1000, 4096, 4097, 32767, 32768, 65535, 65536, 1 << 24,
        (1 << 24) + 1, 1 << 28, 1 << 30,
        int.MaxValue - 1, int.MaxValue, 1UL << 31, uint.MaxValue - 1, uint.MaxValue, 1UL << 32, 1UL << 40, 1UL << 58, 1UL << 61, 1UL << 62,
        long.MaxValue, 1UL << 63, ulong.MaxValue,
    ];

    public static void Apply(List<byte> bytes, byte[] other, Random random)
    {
        if (bytes.Count == 0)
        {
            bytes.AddRange(other);
            return;
        }
        int at = Place(bytes.Count, random), length = Math.Min(random.Next(1, 1 << random.Next(1, 9)), bytes.Count - at);
        switch (random.Next(9))
        {
            case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
            case 1: bytes[at] = (byte)random.Next(256); break;
            case 2: WriteNumber(bytes, at, random, s_extremes[random.Next(s_extremes.Length)]); break;
            case 3: AddToNumber(bytes, at, random); break;
            case 4: bytes.RemoveRange(at, length); break;
            case 5: bytes.InsertRange(at, bytes.GetRange(Math.Max(0, at - length), length)); break;
            case 6: bytes.RemoveRange(at, bytes.Count - at); break;
            case 7: Splice(bytes, at, other, random); break;
            default: CollectionsMarshal.AsSpan(bytes).Slice(at, length).Fill((byte)random.Next(256)); break;
        }
    }

    /// <summary>Half of the changes hit the first 128 bytes, where heads are.</summary>
    private static int Place(int count, Random random) => random.Next(random.Next(2) == 0 ? Math.Min(count, 128) : count);

    private static void WriteNumber(List<byte> bytes, int at, Random random, ulong value)
    {
        int size = 1 << random.Next(4);
        if (at + size > bytes.Count) return;
        if (random.Next(2) == 0) value = BinaryPrimitives.ReverseEndianness(value) >> (64 - 8 * size);
        for (int i = 0; i < size; i++) bytes[at + i] = (byte)(value >> (8 * i));
    }

    private static void AddToNumber(List<byte> bytes, int at, Random random) => bytes[at] = (byte)(bytes[at] + random.Next(-16, 17));

    private static void Splice(List<byte> bytes, int at, byte[] other, Random random)
    {
        if (other.Length == 0) return;
        int from = random.Next(other.Length);
        bytes.RemoveRange(at, bytes.Count - at);
        bytes.AddRange(other.AsSpan(from));
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CortexMl.Tests.Engines.Cpu.Machine;

/// <summary>
/// What an instruction computes of two vectors and a number. The result holds what its register held before, and is as long as what is
/// written.
/// </summary>
internal delegate void X86Vector(Span<byte> result, ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, int number);

/// <summary>Computations of lanes, and orders of lanes.</summary>
internal static class X86Lanes
{
    public const int BlockBytes = 16;

    public static X86Vector Bytes(Func<byte, byte, byte> lane) => (result, left, right, _) =>
    {
        for (int i = 0; i < result.Length; i++) result[i] = lane(left[i], right[i]);
    };

    public static X86Vector Shorts(Func<short, short, int> lane) => (result, left, right, _) =>
    {
        Span<short> to = Of<short>(result);
        ReadOnlySpan<short> a = Of<short>(left), b = Of<short>(right);
        for (int i = 0; i < to.Length; i++) to[i] = (short)lane(a[i], b[i]);
    };

    public static X86Vector Ints(Func<int, int, int> lane) => (result, left, right, _) =>
    {
        Span<int> to = Of<int>(result);
        ReadOnlySpan<int> a = Of<int>(left), b = Of<int>(right);
        for (int i = 0; i < to.Length; i++) to[i] = lane(a[i], b[i]);
    };

    /// <summary>Of each lane of the left vector, the right one and what the result held. A NaN is any NaN.</summary>
    public static X86Vector Floats(Func<float, float, float, float> lane) => (result, left, right, _) =>
    {
        Span<float> to = Of<float>(result);
        ReadOnlySpan<float> a = Of<float>(left), b = Of<float>(right);
        for (int i = 0; i < to.Length; i++) to[i] = lane(a[i], b[i], to[i]);
    };

    /// <summary>Of each lane and the number.</summary>
    public static X86Vector IntsBy(Func<int, int, int> lane) => (result, left, _, number) =>
    {
        Span<int> to = Of<int>(result);
        var a = Of<int>(left);
        for (int i = 0; i < to.Length; i++) to[i] = lane(a[i], number);
    };

    /// <summary>The same, but lanes lie elsewhere; of the lanes of a block of 128 bits, in every block.</summary>
    /// <param name="lane">Takes a lane of the result; gives one of the left vector's, or behind these, of the right one's.</param>
    public static X86Vector InBlocks(int laneBytes, Func<int, int> lane) => (result, left, right, _) =>
    {
        int lanes = BlockBytes / laneBytes;
        for (int block = 0; block < result.Length; block += BlockBytes)
        {
            for (int i = 0; i < lanes; i++)
            {
                int from = lane(i);
                var lanesOf = (from < lanes ? left : right)[block..];
                lanesOf.Slice(from % lanes * laneBytes, laneBytes).CopyTo(result[(block + (i * laneBytes))..]);
            }
        }
    };

    /// <summary>The left and the right vector's lanes, one by one.</summary>
    /// <param name="half">1 for the upper lanes of each block, else 0.</param>
    public static X86Vector Interleaved(int laneBytes, int half)
    {
        int lanes = BlockBytes / laneBytes;
        return InBlocks(laneBytes, i => (i / 2) + (half * lanes / 2) + (i % 2 * lanes));
    }

    /// <summary>Lanes of half the size: in every block those of the left vector, then those of the right.</summary>
    /// <param name="laneBytes">Of a lane that is packed.</param>
    public static X86Vector Packed(int laneBytes, int least, int greatest) => (result, left, right, _) =>
    {
        int half = laneBytes / 2, count = BlockBytes / laneBytes;
        for (int block = 0; block < result.Length; block += BlockBytes)
        {
            for (int i = 0; i < 2 * count; i++)
            {
                var from = (i < count ? left : right)[(block + (i % count * laneBytes))..];
                int lane = Math.Clamp(Signed(from, laneBytes), least, greatest);
                Put(result[(block + (i * half))..], half, lane);
            }
        }
    };

    /// <summary>Lanes of another size: the lower bits of wide ones, or narrow ones with zeros or their sign above.</summary>
    public static X86Vector Converted(int fromBytes, int toBytes, bool isSigned = false) => (result, left, _, _) =>
    {
        int count = Math.Min(left.Length / fromBytes, result.Length / toBytes);
        result.Clear();
        for (int i = 0; i < count; i++)
        {
            var from = left[(i * fromBytes)..];
            int lane = Signed(from, fromBytes);
            Put(result[(i * toBytes)..], toBytes, isSigned || fromBytes == sizeof(int) ? lane : lane & ((1 << (8 * fromBytes)) - 1));
        }
    };

    public static Span<T> Of<T>(Span<byte> bytes) where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    public static ReadOnlySpan<T> Of<T>(ReadOnlySpan<byte> bytes) where T : unmanaged => MemoryMarshal.Cast<byte, T>(bytes);

    private static int Signed(ReadOnlySpan<byte> bytes, int count) => count switch
    {
        1 => (sbyte)bytes[0],
        2 => BinaryPrimitives.ReadInt16LittleEndian(bytes),
        _ => BinaryPrimitives.ReadInt32LittleEndian(bytes),
    };

    private static void Put(Span<byte> to, int count, int lane)
    {
        for (int i = 0; i < count; i++) to[i] = (byte)(lane >> (8 * i));
    }
}

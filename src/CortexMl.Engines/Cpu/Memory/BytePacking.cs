using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>
/// Pixels of bytes from planes of int32: up to four channels of 16 pixels are shuffled into each other. What is left over is for whoever
/// copies elements one by one.
/// </summary>
internal static unsafe class BytePacking
{
    private const int Block = 16, Together = 4;

    /// <summary>
    /// By the number of channels: for each 16 bytes of 16 pixels, and each of four channels, which pixel's each byte is; 255 for none.
    /// </summary>
    private static readonly byte[][] Shuffles = [.. Enumerable.Range(0, Together + 1).Select(ShufflesOf)];

    /// <summary>Packs the first channels of a row.</summary>
    /// <param name="from">The row in the first channel.</param>
    /// <param name="plane">Elements from one channel to the next.</param>
    /// <param name="stride">Bytes from one pixel to the next.</param>
    /// <param name="offset">Added to every element, of which the lowest 8 bits are kept.</param>
    /// <returns>How many channels are packed.</returns>
    public static int Row(int* from, nint plane, byte* to, int stride, int channels, int width, int offset)
    {
        if (width < Block) return 0;
        bool isDense = channels <= Together && stride == channels;
        int done = isDense ? channels : channels / Together * Together, step = isDense ? channels : Together;
        byte* mixed = stackalloc byte[Together * Block];
        fixed (byte* shuffles = Shuffles[step])
        {
            for (int c = 0; c < done; c += step)
            {
                for (int j = 0; j < width; j += Block)
                {
                    // The last 16 pixels overlap those before them.
                    int pixel = Math.Min(j, width - Block);
                    int* block = from + (c * plane) + pixel;
                    byte* start = to + ((nint)pixel * stride) + c;
                    if (isDense)
                    {
                        Mix(block, plane, start, channels, offset, shuffles);
                        continue;
                    }
                    Mix(block, plane, mixed, Together, offset, shuffles);
                    for (int k = 0; k < Block; k++, start += stride) *(uint*)start = ((uint*)mixed)[k];
                }
            }
        }
        return done;
    }

    //  r0 r1 …, g0 g1 …, b0 b1 …   ⇒   r0 g0 b0 r1 g1 b1 …
    private static void Mix(int* from, nint plane, byte* to, int channels, int offset, byte* shuffle)
    {
        Vector128<byte> first = Narrow(from, offset), second = default, third = default, fourth = default;
        if (channels > 1) second = Narrow(from + plane, offset);
        if (channels > 2) third = Narrow(from + (2 * plane), offset);
        if (channels > 3) fourth = Narrow(from + (3 * plane), offset);
        for (int part = 0; part < channels; part++, shuffle += Together * Block, to += Block)
        {
            var bytes = Picked(first, shuffle);
            if (channels > 1) bytes |= Picked(second, shuffle + Block);
            if (channels > 2) bytes |= Picked(third, shuffle + (2 * Block));
            if (channels > 3) bytes |= Picked(fourth, shuffle + (3 * Block));
            bytes.Store(to);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Picked(Vector128<byte> pixels, byte* shuffle) => Vector128.Shuffle(pixels, Vector128.Load(shuffle));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<byte> Narrow(int* from, int offset)
    {
        if (Avx512F.IsSupported) return Avx512F.ConvertToVector128Byte(Vector512.Load(from) + Vector512.Create(offset));
        var more = Vector128.Create(offset);
        var low = Vector128.Narrow(Vector128.Load(from) + more, Vector128.Load(from + 4) + more);
        return Vector128.Narrow(low, Vector128.Narrow(Vector128.Load(from + 8) + more, Vector128.Load(from + 12) + more)).AsByte();
    }

    private static byte[] ShufflesOf(int channels)
    {
        var shuffles = new byte[channels * Together * Block];
        for (int element = 0; element < channels * Block; element++)
            for (int c = 0; c < Together; c++)
            {
                int place = (((element / Block * Together) + c) * Block) + (element % Block);
                shuffles[place] = element % channels == c ? (byte)(element / channels) : byte.MaxValue;
            }
        return shuffles;
    }
}

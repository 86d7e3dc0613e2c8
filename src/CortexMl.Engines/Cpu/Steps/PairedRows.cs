using System.Runtime.InteropServices;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>A matrix of 16-bit numbers as pairs of neighbours, in the two orders that products of pairs read.</summary>
internal static class PairedRows
{
    /// <summary>Columns of a block: as many as 32-bit sums fill a vector.</summary>
    public const int Block = 8;

    /// <summary>Pairs of a row of so many numbers.</summary>
    public static int Pairs(int length) => (length + 1) / 2;

    /// <summary>Row after row; a lone last number has a zero beside it.</summary>
    /// <param name="pairs">A pair each.</param>
    public static void Pack(ReadOnlySpan<int> rows, int length, Span<int> pairs)
    {
        var to = MemoryMarshal.Cast<int, short>(pairs);
        int stride = 2 * Pairs(length);
        for (int row = 0; row * length < rows.Length; row++)
        {
            var own = rows.Slice(row * length, length);
            for (int i = 0; i < length; i++) to[(row * stride) + i] = (short)own[i];
            if (length < stride) to[(row * stride) + length] = 0;
        }
    }

    /// <summary>
    /// [block, pair, row of the block]: the pairs of as many rows as a vector has sums lie side by side. Rows that the last block lacks are
    /// whatever was there.
    /// </summary>
    public static void PackBlocks(ReadOnlySpan<int> rows, int length, Span<int> pairs)
    {
        var to = MemoryMarshal.Cast<int, short>(pairs);
        int count = Pairs(length);
        for (int row = 0; row * length < rows.Length; row++)
        {
            var own = rows.Slice(row * length, length);
            int start = 2 * ((row / Block * count * Block) + (row % Block));
            for (int i = 0; i < length; i++) to[start + (i / 2 * 2 * Block) + (i % 2)] = (short)own[i];
            if (length % 2 != 0) to[start + (length / 2 * 2 * Block) + 1] = 0;
        }
    }
}

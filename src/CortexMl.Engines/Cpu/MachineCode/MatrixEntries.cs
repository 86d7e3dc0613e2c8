using System.Runtime.InteropServices;
using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// What is stored of blocks of matrices: an entry for each result pixel, block after block, of every block a whole number of those that are
/// stored at once; the last pixel of a block fills them up.
/// </summary>
/// <param name="Pixels">The result pixel of every entry.</param>
/// <param name="Firsts">For every matrix the entry with which its block begins, and the end of the last block's.</param>
/// <param name="Sums">Byte offset of every entry's sums in the scratch memory.</param>
internal sealed record MatrixEntries(Pinned<int> Pixels, Pinned<int> Firsts, Pinned<int> Sums)
{
    /// <param name="matrices">Of a block.</param>
    /// <param name="together">Pixels that are stored at once.</param>
    /// <param name="rowBytes">From the sums of a row of a matrix to those of the next.</param>
    public static MatrixEntries Of(MatrixPixels pixels, int matrices, int together, int rowBytes)
    {
        List<int> entries = [], firsts = [], sums = [];
        int pixel = 0;
        for (int block = 0; block < pixels.Starts.Count; block += matrices)
        {
            firsts.AddRange(Enumerable.Repeat(entries.Count, matrices));
            for (; pixel < pixels.Places.Count && pixels.Places[pixel].Matrix < block + matrices; pixel++)
            {
                var (matrix, row) = pixels.Places[pixel];
                entries.Add(pixel);
                sums.Add((((matrix - block) * MatrixPixels.MostRows) + row) * rowBytes);
            }
            int missing = (together - (entries.Count % together)) % together;
            entries.AddRange(Enumerable.Repeat(entries[^1], missing));
            sums.AddRange(Enumerable.Repeat(sums[^1], missing));
        }
        firsts.Add(entries.Count);
        return new MatrixEntries(Pinned(entries), Pinned(firsts), Pinned(sums));
    }

    /// <summary>Of every matrix of whole blocks: the last one fills the last block.</summary>
    public static Pinned<int> StartsOf(MatrixPixels pixels, int matrices)
    {
        int missing = (matrices - (pixels.Starts.Count % matrices)) % matrices;
        return Pinned([.. pixels.Starts, .. Enumerable.Repeat(pixels.Starts[^1], missing)]);
    }

    /// <summary>A table of all pixels as one of the entries.</summary>
    public Pinned<int> Of(ReadOnlySpan<int> ofPixels)
    {
        var all = new Pinned<int>(Pixels.Count);
        for (int i = 0; i < all.Count; i++) all.Span[i] = ofPixels[Pixels.Span[i]];
        return all;
    }

    private static Pinned<int> Pinned(List<int> numbers) => new(CollectionsMarshal.AsSpan(numbers));
}

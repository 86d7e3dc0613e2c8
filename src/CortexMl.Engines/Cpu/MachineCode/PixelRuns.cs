namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// A layer's result pixels as runs: so many that lie at one distance from each other in the data, so that a kernel needs to know only where
/// the first of them lies. The last run of a row overlaps the one before it.
/// </summary>
/// <param name="Distance">Bytes in the data from a pixel to the next.</param>
/// <param name="Rows">The first pixel of every row, and behind them the number of pixels; a row is of pixels at that distance.</param>
internal sealed record PixelRuns(int Distance, IReadOnlyList<int> Rows)
{
    /// <param name="pixels">Byte offset in the data of every result pixel.</param>
    public static PixelRuns Of(ReadOnlySpan<int> pixels)
    {
        int distance = pixels.Length > 1 ? pixels[1] - pixels[0] : 0;
        List<int> rows = [0];
        for (int pixel = 1; pixel < pixels.Length; pixel++)
            if (pixels[pixel] - pixels[pixel - 1] != distance) rows.Add(pixel);
        rows.Add(pixels.Length);
        return new PixelRuns(distance, rows);
    }

    public int Pixels => Rows[^1];

    /// <summary>Runs of so many pixels that it takes; 0 where a row has fewer.</summary>
    public int Count(int length)
    {
        int count = 0;
        for (int row = 0; row + 1 < Rows.Count; row++)
        {
            int pixels = Rows[row + 1] - Rows[row];
            if (pixels < length) return 0;
            count += (pixels + length - 1) / length;
        }
        return count;
    }

    /// <summary>The pixels of whole tiles, run by run; the last run fills the last tile.</summary>
    public int[] Tiled(TileShape tile)
    {
        List<int> firsts = [];
        for (int row = 0; row + 1 < Rows.Count; row++)
        {
            for (int pixel = Rows[row]; pixel < Rows[row + 1]; pixel += tile.Run)
                firsts.Add(Math.Min(pixel, Rows[row + 1] - tile.Run));
        }
        int missing = (tile.Runs - (firsts.Count % tile.Runs)) % tile.Runs;
        firsts.AddRange(Enumerable.Repeat(firsts[^1], missing));
        return [.. firsts.SelectMany(first => Enumerable.Range(first, tile.Run))];
    }
}

namespace CortexMl.Engines.Float.MachineCode;

/// <summary>Weighs the tiles that fit the registers, for a product: cycles of all of its tiles, those that are cut included.</summary>
internal static class TileChoice
{
    /// <summary>From a multiply-add to the next one of the same sum.</summary>
    private const int Latency = 4;

    /// <summary>Registers of columns, at most; one row has no others, and hides its latency with these.</summary>
    private const int MostVectors = 8;

    /// <summary>Of a call, beside its steps.</summary>
    private const double CallSteps = 4;

    /// <param name="rows">At least 1.</param>
    /// <param name="columns">At least 1.</param>
    /// <returns>Rows and vectors of a tile. All groups of rows are as large, the last one may be smaller.</returns>
    public static (int Rows, int Vectors) Of(TileSet set, int rows, int columns)
    {
        var (best, least) = ((1, 1), double.MaxValue);
        for (int vectors = 1; vectors <= MostVectors; vectors++)
        {
            int most = MostRows(set, vectors);
            if (most == 0) continue;
            int groups = (rows + most - 1) / most, tile = (rows + groups - 1) / groups;
            double cycles = Cycles(set, rows, columns, tile, vectors);
            if (cycles < least) (best, least) = ((tile, vectors), cycles);
        }
        return best;
    }

    private static int MostRows(TileSet set, int vectors)
    {
        int rows = 0;
        while (new TileForm(rows + 1, vectors, TileBias.None).Registers <= set.Vectors.Registers) rows++;
        return rows;
    }

    private static double Cycles(TileSet set, int rows, int columns, int tile, int vectors)
    {
        int width = vectors * set.Lanes, left = (columns % width + set.Lanes - 1) / set.Lanes;
        return columns / width * Cycles(rows, tile, vectors) + (left > 0 ? Cycles(rows, tile, left) : 0);
    }

    private static double Cycles(int rows, int tile, int vectors) =>
        rows / tile * Cycles(tile, vectors) + (rows % tile > 0 ? Cycles(rows % tile, vectors) : 0);

    /// <summary>
    /// Of a step: two multiply-adds a cycle, two loads a cycle (vectors of columns lie across lines of the cache, and are two), or the latency.
    /// </summary>
    private static double Cycles(int rows, int vectors) =>
        Math.Max(Math.Max(rows * vectors / 2.0, (rows + 2 * vectors) / 2.0), Latency) + CallSteps / 16;
}

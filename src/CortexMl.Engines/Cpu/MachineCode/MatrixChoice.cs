namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>Matrices of pixels by vectors of channels, whose sums are computed together.</summary>
internal readonly record struct MatrixBlock(int Matrices, int Vectors);

/// <summary>
/// Which block of matrices a layer gets: the one of least cost, in the unit of <see cref="TileChoice"/>. A product of matrices takes 16
/// cycles, 13 where there are up to 8 pixels, and a matrix is loaded in 8, or in 50 where its rows lie in two lines of the cache each
/// (measured on a Xeon with AMX-INT8).
/// </summary>
/// <param name="Channels">Of the result in memory, whole blocks.</param>
internal readonly record struct MatrixChoice(MatrixPixels Pixels, int Channels)
{
    private const int FewRows = 8, MostAtOnce = 16, LineBytes = 64;
    private const long Product = 16, ShortProduct = 13, Load = 8, SplitLoad = 50, PerBlock = 60, PerEntries = 10, EpiloguePerSum = 5;

    /// <summary>The block, and what is stored of it at once; null where no block fits the channels.</summary>
    /// <param name="stepsOf">Steps of 64 bytes of a column of so many channels.</param>
    /// <param name="only">The one block that may be chosen; null for any.</param>
    public (TileShape Stored, int Matrices, long Cost)? Cheapest(Func<int, int> stepsOf, MatrixBlock? only = null)
    {
        (TileShape, int, long Cost)? best = null;
        for (int vectors = 1; vectors <= MatrixBody.MostSums; vectors++)
        {
            int channels = vectors * VectorCodes.Zmm.Lanes;
            if (Channels % channels != 0) continue;
            int steps = stepsOf(channels);
            var stored = new TileShape(Math.Min(CodeRegisters.StoredAtOnce, MostAtOnce / vectors), vectors);
            for (int matrices = 1; matrices * vectors <= MatrixBody.MostSums; matrices++)
            {
                if (only is { } block && block != new MatrixBlock(matrices, vectors)) continue;
                int blocks = (Pixels.Starts.Count + matrices - 1) / matrices;
                long perBlock = PerBlock + (matrices * vectors * Load * 2) + (steps * OfStep(matrices, vectors));
                long entries = ((Pixels.Places.Count + stored.Pixels - 1) / stored.Pixels) + (blocks / 2);
                long cost = TileChoice.Cycle * (Channels / channels)
                    * ((blocks * perBlock) + (entries * (PerEntries + (EpiloguePerSum * stored.Sums))));
                if (best is null || cost < best.Value.Cost) best = (stored, matrices, cost);
            }
        }
        return best;
    }

    private long OfStep(int matrices, int vectors) => Math.Max(
        matrices * vectors * (Pixels.Rows <= FewRows ? ShortProduct : Product),
        (matrices * (Pixels.PixelBytes % LineBytes == 0 ? Load : SplitLoad)) + (vectors * Load));
}

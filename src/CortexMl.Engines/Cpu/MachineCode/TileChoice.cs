using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Which tile a layer gets: the one of least cost, in sixtieths of a cycle of a core that starts five operations a cycle, of these two
/// multiplications, three operations on vectors and two loads (Zen 2 and later, Skylake and later: uops.info). A product waits for the one
/// before it in the same sum. With vpdpbusd layers also wait for the second cache: a quarter of a cycle for each vector of weights, though
/// these are fetched ahead, one for a line of data, and six for a line of results (measured on a Xeon with AVX-512 VNNI).
/// </summary>
/// <param name="Pixels">Of the result.</param>
/// <param name="Channels">Of the result in memory, whole blocks.</param>
internal readonly record struct TileChoice(CodeSet Set, ElementKind Data, PixelRuns Pixels, int Channels)
{
    private const int MostVectors = 8, Loop = 4, StepBytes = 4, LineBytes = 64;
    public const long Cycle = 60;

    private const long PerTile = 12 * Cycle, EpiloguePerSum = 4 * Cycle;

    private const long FetchedVector = Cycle / 4, WrittenLine = 6 * Cycle, ReadLine = Cycle;

    /// <summary>Of an element of the result.</summary>
    public int ResultBytes { get; init; } = 1;

    /// <summary>Of the data, for every pixel of the result.</summary>
    public int DataBytes { get; init; } = LineBytes;

    /// <param name="stepsOf">Steps of a column of so many channels.</param>
    public TileShape Best(Func<int, int> stepsOf) => Cheapest(stepsOf).Shape;

    /// <summary>The tile, and what the layer costs with it.</summary>
    /// <param name="stepsOf">Steps of a column of so many channels.</param>
    public (TileShape Shape, long Cost) Cheapest(Func<int, int> stepsOf)
    {
        var (best, least) = (default(TileShape), long.MaxValue);
        for (int vectors = 1; vectors <= MostVectors; vectors++)
        {
            int columnChannels = vectors * Set.Vectors().Lanes;
            if (Channels % columnChannels != 0) continue;
            int steps = stepsOf(columnChannels);
            foreach (var shape in Shapes(vectors))
            {
                int merged = RegisterPlan.MostMerged(Set, Data, shape), runs = Pixels.Count(shape.Run);
                if (merged == 0 || runs == 0) continue;
                long cost = (long)((runs + shape.Runs - 1) / shape.Runs) * (Channels / columnChannels) * OfTile(shape, merged, steps);
                if (cost < least) (best, least) = (shape, cost);
            }
        }
        return (best, least);
    }

    /// <summary>Tiles of so many vectors; runs of several pixels only where a step is that short that it waits for its weights.</summary>
    private IEnumerable<TileShape> Shapes(int vectors)
    {
        int most = Math.Min(Pixels.Pixels, Set.Vectors().Registers / vectors);
        for (int pixels = 1; pixels <= most; pixels++)
        {
            for (int run = 1; run <= (Set.HasVnni() ? pixels : 1); run++)
                if (pixels % run == 0 && pixels / run <= CodeRegisters.MostRuns(Set)) yield return new TileShape(pixels, vectors, run);
        }
    }

    private long OfTile(TileShape shape, int merged, int steps) =>
        PerTile + (EpiloguePerSum * shape.Sums) + (steps * OfStep(shape, merged))
        + (Set.HasVnni() ? shape.Pixels * OfLines(shape, steps) : 0);

    /// <summary>Lines of the cache that a pixel needs: those that the column writes, and those of its data that the column reads.</summary>
    private long OfLines(TileShape shape, int steps)
    {
        int result = shape.Vectors * Set.Vectors().Lanes * ResultBytes, data = Math.Min(steps * StepBytes, DataBytes);
        return ((result + LineBytes - 1) / LineBytes * WrittenLine) + (data * ReadLine / LineBytes);
    }

    private long OfStep(TileShape shape, int merged)
    {
        var plan = new RegisterPlan(Set, Data, shape, merged);
        long together = Math.Min(10 * merged, UsualMerge(shape.Vectors * Set.Vectors().Lanes)), sums = Cycle * shape.Sums;
        long multiplications = sums + (plan.Widens ? 10 * sums / together : 0), additions = Set.HasVnni() ? 0 : sums;
        long loads = (Cycle * shape.Pixels) + (plan.HoldsWeights ? Cycle * shape.Vectors : sums);
        // A load that a multiplication does on its way is not started by itself.
        long started = multiplications + additions + (plan.HoldsWeights ? loads : Cycle * shape.Pixels) + (10 * Cycle * Loop / together);
        long latency = Set.HasVnni() ? 4 * Cycle : Cycle;
        return new[] { multiplications / 2, (multiplications + additions) / 3, loads / 2, started / 5, latency }.Max()
            + (Set.HasVnni() ? FetchedVector * shape.Vectors : 0);
    }

    /// <summary>
    /// Tenths of steps that ordinary weights of so many channels let one add up in 16 bits: fewer, the more channels must agree.
    /// </summary>
    private static int UsualMerge(int channels) => channels switch
    {
        <= 8 => 20,
        <= 16 => 15,
        <= 32 => 12,
        _ => 10,
    };
}

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>Rows of six numbers: id, score, and the corners x1, y1, x2, y2.</summary>
internal static class Boxes
{
    public const int Size = 6;

    public static int Id(ReadOnlySpan<int> rows, int row) => rows[row * Size];

    public static int Score(ReadOnlySpan<int> rows, int row) => rows[(row * Size) + 1];

    public static Span<int> Row(Span<int> rows, int row) => rows.Slice(row * Size, Size);

    public static ReadOnlySpan<int> Row(ReadOnlySpan<int> rows, int row) => rows.Slice(row * Size, Size);

    /// <summary>The first <paramref name="count"/> rows by descending score, equal ones in their order.</summary>
    public static int[] ByScore(ReadOnlySpan<int> rows, int count)
    {
        int[] scores = new int[count];
        for (int i = 0; i < count; i++) scores[i] = Score(rows, i);
        return [.. Enumerable.Range(0, count).OrderByDescending(i => scores[i])];
    }

    /// <summary>Area of the intersection in percent of that of the union, truncated. Edges wrap at 32 bits, areas at 64.</summary>
    public static long Overlap(ReadOnlySpan<int> a, ReadOnlySpan<int> b) => unchecked(Overlap(
        ((long)(a[4] - a[2]) * (a[5] - a[3])) + ((long)(b[4] - b[2]) * (b[5] - b[3])),
        (long)Math.Max(0, Math.Min(a[4], b[4]) - Math.Max(a[2], b[2])) * Math.Max(0, Math.Min(a[5], b[5]) - Math.Max(a[3], b[3]))));

    private static long Overlap(long sum, long common)
    {
        long union = unchecked(sum - common);
        if (sum <= 0 || union <= 0) return 0;
        // The reference divides by zero where the scaled union vanishes; here it is at least 1.
        return common > long.MaxValue / 100 ? common / Math.Max(1, union / 100) : common * 100 / union;
    }
}

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// A layer's result pixels as rows of matrices. A matrix reads its pixels at one distance from each other, so that it may run over the
/// border at the end of a row of the image into the next row: rows that are no result pixels are computed and not stored.
/// </summary>
/// <param name="Rows">Of every matrix.</param>
/// <param name="PixelBytes">From a row to the next.</param>
/// <param name="Starts">Byte offset in the data of the first row of every matrix.</param>
/// <param name="Places">For every result pixel, in order, its matrix and its row there; matrices never decrease.</param>
internal sealed record MatrixPixels(
    int Rows, int PixelBytes, IReadOnlyList<int> Starts, IReadOnlyList<(int Matrix, int Row)> Places)
{
    /// <summary>Of a matrix, at most.</summary>
    public const int MostRows = 16;

    /// <param name="pixels">Byte offset in the data of every result pixel, increasing.</param>
    /// <returns>Null where pixels do not lie so that matrices stay between the first and the last of them.</returns>
    public static MatrixPixels? Of(ReadOnlySpan<int> pixels)
    {
        int distance = pixels.Length > 1 ? pixels[1] - pixels[0] : 1, last = pixels[^1];
        if (distance <= 0) return null;
        int rows = Math.Min(MostRows, ((last - pixels[0]) / distance) + 1);
        List<int> starts = [];
        var places = new (int Matrix, int Row)[pixels.Length];
        for (int pixel = 0; pixel < pixels.Length;)
        {
            int start = pixels[pixel], beyond = start + ((rows - 1) * distance) - last;
            if (beyond > 0) start -= (beyond + distance - 1) / distance * distance;
            if (start < pixels[0]) return null;
            for (; pixel < pixels.Length && Row(pixels[pixel]) is { } row && row < rows; pixel++) places[pixel] = (starts.Count, row);
            starts.Add(start);

            int? Row(int offset) => offset >= start && (offset - start) % distance == 0 ? (offset - start) / distance : null;
        }
        return new MatrixPixels(rows, distance, starts, places);
    }
}

using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Result pixels in rows of neighbours without a gap between them, in all tensors that a kernel reads and writes. A span of such neighbours
/// is to the kernel one pixel with so many times the channels; the last span of a row overlaps the one before it.
/// </summary>
/// <param name="channels">Of a pixel in memory.</param>
internal sealed class PixelSpans(int channels)
{
    private readonly List<(int First, int Count, int Shape)> _rows = [];

    /// <param name="shapes">Of every pixel's window; a row has one.</param>
    /// <param name="tensors">Byte offset of every pixel in each of them, and its elements.</param>
    public static PixelSpans Of(
        IReadOnlyList<int> shapes, int channels, IReadOnlyList<(IReadOnlyList<int> Pixels, ElementKind Kind)> tensors)
    {
        var spans = new PixelSpans(channels);
        int first = 0;
        for (int pixel = 1; pixel <= shapes.Count; pixel++)
        {
            if (pixel < shapes.Count && shapes[pixel] == shapes[first] && tensors.All(tensor => IsNext(tensor, pixel))) continue;
            spans._rows.Add((first, pixel - first, shapes[first]));
            first = pixel;
        }
        return spans;

        bool IsNext((IReadOnlyList<int> Pixels, ElementKind Kind) tensor, int pixel) =>
            tensor.Pixels[pixel] - tensor.Pixels[pixel - 1] == channels * (int)tensor.Kind;
    }

    /// <summary>The tile that goes over all pixels with the fewest operations; null where no span fills vectors.</summary>
    /// <param name="elements">Of a vector.</param>
    /// <param name="mostVectors">Of a span that a column takes.</param>
    /// <param name="mostSums">Of a tile.</param>
    public SpanTile? Best(int elements, int mostVectors, int mostSums)
    {
        // Addresses of a pixel, and a tile's own instructions, by those on a vector.
        const long OfPixel = 1, OfTile = 2;
        SpanTile? best = null;
        long least = long.MaxValue;
        int longest = _rows.Min(row => row.Count);
        for (int length = 1; length <= longest; length++)
        {
            int all = length * channels / elements;
            if (length * channels % elements != 0) continue;
            if (length > 1 && all > mostVectors) break;
            int columns = (all + mostVectors - 1) / mostVectors, vectors = (all + columns - 1) / columns;
            int[] spans = [.. Counts(length)];
            for (int pixels = 1; pixels <= Math.Min(CodeRegisters.StoredAtOnce, mostSums / vectors); pixels++)
            {
                long tiles = spans.Sum(count => (count + pixels - 1L) / pixels);
                long cost = columns * tiles * ((pixels * (vectors + OfPixel)) + OfTile);
                if (cost <= least) (best, least) = (new SpanTile(length, new TileShape(pixels, vectors)), cost);
            }
        }
        return best;
    }

    /// <summary>The first pixel of every span, whole tiles of one shape each: the last span of a shape fills its last tile.</summary>
    public int[] Tiled(SpanTile tile)
    {
        List<int> firsts = [];
        foreach (var shape in _rows.GroupBy(row => row.Shape))
        {
            foreach (var (first, count, _) in shape)
                for (int pixel = 0; pixel < count; pixel += tile.Length) firsts.Add(first + Math.Min(pixel, count - tile.Length));
            int pixels = tile.Shape.Pixels, missing = (pixels - (firsts.Count % pixels)) % pixels;
            firsts.AddRange(Enumerable.Repeat(firsts[^1], missing));
        }
        return [.. firsts];
    }

    /// <summary>Spans of each shape.</summary>
    private IEnumerable<int> Counts(int length) =>
        _rows.GroupBy(row => row.Shape).Select(shape => shape.Sum(row => (row.Count + length - 1) / length));
}

/// <summary>A tile whose pixels are spans.</summary>
/// <param name="Length">Pixels of a span.</param>
internal readonly record struct SpanTile(int Length, TileShape Shape);

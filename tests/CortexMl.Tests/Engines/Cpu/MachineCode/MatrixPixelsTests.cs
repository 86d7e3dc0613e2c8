using CortexMl.Engines.Cpu.MachineCode;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.MachineCode;

/// <summary>Result pixels as rows of matrices.</summary>
public sealed class MatrixPixelsTests
{
    /// <summary>Images of a batch, with a border, of which every so many-th pixel is looked at.</summary>
    private static readonly Gen<(int Batch, int Height, int Width, int Border, int Stride, int Bytes)> s_maps = Gen.Select(
        Gen.Int[1, 3], Gen.Int[1, 20], Gen.Int[1, 40], Gen.Int[0, 3], Gen.Int[1, 3], Gen.Int[1, 200]);

    [Fact]
    public void Every_pixel_is_a_row_of_a_matrix_that_stays_within_the_image() => s_maps.Sample(map =>
    {
        int[] pixels = Offsets(map);
        var found = MatrixPixels.Of(pixels);
        if (found is null) return;
        Assert.InRange(found.Rows, 1, MatrixPixels.MostRows);
        Assert.Equal(pixels.Length, found.Places.Count);
        for (int i = 0; i < pixels.Length; i++)
            Assert.Equal(pixels[i], found.Starts[found.Places[i].Matrix] + (found.Places[i].Row * found.PixelBytes));
        Assert.All(found.Places, place => Assert.InRange(place.Row, 0, found.Rows - 1));
        Assert.Equal(found.Places.Select(place => place.Matrix), found.Places.Select(place => place.Matrix).Order());
        Assert.Equal(Enumerable.Range(0, found.Starts.Count), found.Places.Select(place => place.Matrix).Distinct());
        Assert.All(found.Starts, start =>
        {
            Assert.InRange(start, pixels[0], pixels[^1]);
            Assert.InRange(start + ((found.Rows - 1) * found.PixelBytes), pixels[0], pixels[^1]);
        });
    });

    /// <summary>Rows of 7 pixels with a border of one: two of them, and the border between them, are one matrix.</summary>
    [Fact]
    public void A_matrix_runs_over_the_border()
    {
        var found = MatrixPixels.Of(Offsets((1, 7, 7, 1, 1, 64)))!;
        Assert.Equal(4, found.Starts.Count);
        Assert.Equal([(0, 6), (0, 9)], [found.Places[6], found.Places[7]]);
    }

    /// <summary>Entries are whole groups of a block, each with the place of its own sums.</summary>
    [Fact]
    public void Entries_name_every_pixel_and_the_row_of_its_sums() => Gen.Select(s_maps, Gen.Int[1, 4], Gen.Int[1, 8]).Sample(Check);

    private static void Check((int, int, int, int, int, int) map, int matrices, int together)
    {
        if (MatrixPixels.Of(Offsets(map)) is not { } pixels) return;
        const int RowBytes = 128;
        var entries = MatrixEntries.Of(pixels, matrices, together, RowBytes);
        var starts = MatrixEntries.StartsOf(pixels, matrices);
        Assert.Equal(0, starts.Count % matrices);
        Assert.Equal(starts.Count + 1, entries.Firsts.Count);
        Assert.Equal(Enumerable.Range(0, pixels.Places.Count), entries.Pixels.Span.ToArray().Distinct());
        for (int block = 0; block < starts.Count; block += matrices)
        {
            int first = entries.Firsts.Span[block], end = entries.Firsts.Span[block + matrices];
            Assert.Equal(0, (end - first) % together);
            for (int i = first; i < end; i++)
            {
                var (matrix, row) = pixels.Places[entries.Pixels.Span[i]];
                Assert.InRange(matrix, block, block + matrices - 1);
                Assert.Equal((((matrix - block) * MatrixPixels.MostRows) + row) * RowBytes, entries.Sums.Span[i]);
            }
        }
    }

    private static int[] Offsets((int Batch, int Height, int Width, int Border, int Stride, int Bytes) map)
    {
        int wide = map.Width + (2 * map.Border), high = map.Height + (2 * map.Border);
        return
        [
            .. from n in Enumerable.Range(0, map.Batch)
               from i in Enumerable.Range(0, map.Height).Where(i => i % map.Stride == 0)
               from j in Enumerable.Range(0, map.Width).Where(j => j % map.Stride == 0)
               select ((((n * high) + i) * wide) + j) * map.Bytes,
        ];
    }
}

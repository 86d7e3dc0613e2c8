using CortexMl.Engines.Cpu.MachineCode;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.MachineCode;

/// <summary>Which runs of pixels tiles are made of.</summary>
public sealed class PixelRunsTests
{
    [Theory]
    [InlineData(1, 1, 1, 1)]
    [InlineData(3, 5, 5, 2)]
    [InlineData(3, 5, 2, 3)]
    [InlineData(7, 7, 7, 2)]
    [InlineData(7, 7, 4, 3)]
    [InlineData(4, 28, 7, 2)]
    [InlineData(4, 13, 6, 1)]
    public void Tiles_cover_every_pixel_with_runs_at_one_distance(int height, int width, int run, int runs)
    {
        const int PixelBytes = 48;
        int[] map = Map(height, width, PixelBytes);
        var found = PixelRuns.Of(map);
        var tile = new TileShape(run * runs, 2, run);
        int[] order = found.Tiled(tile);
        Assert.Equal(Enumerable.Range(0, map.Length), order.Distinct().Order());
        int count = height * ((width + run - 1) / run);
        Assert.Equal(count, found.Count(run));
        Assert.Equal((count + runs - 1) / runs * tile.Pixels, order.Length);
        foreach (int[] pixels in order.Chunk(run))
            Assert.All(Enumerable.Range(0, run), i => Assert.Equal(map[pixels[0]] + (i * PixelBytes), map[pixels[i]]));
    }

    [Fact]
    public void A_row_holds_no_run_that_is_longer() => Assert.Equal(0, PixelRuns.Of(Map(3, 5, 16)).Count(6));

    /// <summary>Where no border lies between rows, they are one.</summary>
    [Fact]
    public void Rows_without_a_border_are_one()
    {
        var found = PixelRuns.Of([.. Enumerable.Range(0, 49).Select(i => i * 32)]);
        Assert.Equal((32, 49), (found.Distance, found.Pixels));
        Assert.Equal(5, found.Count(10));
    }

    /// <summary>Byte offsets of the pixels of an image with a border of one pixel.</summary>
    private static int[] Map(int height, int width, int pixelBytes) =>
        [.. Enumerable.Range(0, height * width).Select(i => ((i / width * (width + 2)) + (i % width)) * pixelBytes)];
}

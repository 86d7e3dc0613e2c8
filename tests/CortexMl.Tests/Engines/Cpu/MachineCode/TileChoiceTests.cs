using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Memory;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.MachineCode;

/// <summary>Which tile a layer gets.</summary>
public sealed class TileChoiceTests
{
    [Theory]
    [InlineData("Avx2", "Byte")]
    [InlineData("Avx2", "Short")]
    [InlineData("AvxVnni", "Byte")]
    [InlineData("AvxVnni", "Short")]
    [InlineData("Avx512", "Byte")]
    [InlineData("Avx512", "Short")]
    [InlineData("Avx512Vnni", "Byte")]
    [InlineData("Avx512Vnni", "Short")]
    public void A_tile_fits_the_registers_and_the_channels(string instructions, string elements)
    {
        var (set, data) = (Enum.Parse<CodeSet>(instructions), Enum.Parse<ElementKind>(elements));
        for (int blocks = 1; blocks <= 20; blocks++)
        {
            foreach (int pixels in new[] { 1, 2, 3, 7, 49, 196, 3136 })
            {
                var tile = new TileChoice(set, data, Row(pixels), blocks * PackedLayout.Block).Best(_ => 100);
                Assert.InRange(tile.Pixels, 1, pixels);
                Assert.InRange(tile.Runs, 1, CodeRegisters.MostRuns(set));
                Assert.Equal(0, blocks * PackedLayout.Block % (tile.Vectors * set.Vectors().Lanes));
                int merged = RegisterPlan.MostMerged(set, data, tile);
                Assert.True(merged >= 1);
                var plan = new RegisterPlan(set, data, tile, merged);
                Assert.InRange(plan.Held + plan.HeldCount, tile.Sums + 1, set.Vectors().Registers);
            }
        }
    }

    [Theory]
    [InlineData("Avx512Vnni", 3136, 64, 24)]
    [InlineData("Avx512Vnni", 49, 512, 12)]
    [InlineData("AvxVnni", 3136, 64, 8)]
    [InlineData("Avx2", 3136, 64, 6)]
    public void Large_maps_get_many_sums(string set, int pixels, int channels, int least) =>
        Assert.InRange(new TileChoice(Enum.Parse<CodeSet>(set), ElementKind.Byte, Row(pixels), channels).Best(_ => 144).Sums, least, 28);

    [Fact]
    public void One_pixel_gets_several_vectors() =>
        Assert.InRange(new TileChoice(CodeSet.Avx512Vnni, ElementKind.Byte, Row(1), 512).Best(_ => 128).Vectors, 4, 8);

    /// <summary>Weights are then read once for 14 pixels, which the rows of ordinary maps are made of.</summary>
    [Theory]
    [InlineData(56)]
    [InlineData(28)]
    [InlineData(14)]
    public void Large_products_of_rows_are_of_fourteen_pixels(int width)
    {
        var map = PixelRuns.Of([.. Enumerable.Range(0, width * width).Select(i => ((i / width * (width + 2)) + (i % width)) * 256)]);
        var tile = new TileChoice(CodeSet.Avx512Vnni, ElementKind.Byte, map, 256).Best(_ => 576);
        Assert.Equal((14, 2), (tile.Pixels, tile.Vectors));
        Assert.InRange(tile.Run, 2, 14);
    }

    private static PixelRuns Row(int pixels) => PixelRuns.Of([.. Enumerable.Range(0, pixels).Select(i => i * 64)]);
}

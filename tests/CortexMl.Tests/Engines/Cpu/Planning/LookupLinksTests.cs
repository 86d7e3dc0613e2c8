using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sweeps;
using CortexMl.Text;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.Planning;

/// <summary>What tables take in of the links around them.</summary>
public sealed class LookupLinksTests
{
    private static readonly int[] s_table = [10, -20, 30];

    private static readonly CortexMl.Ir.Value s_value = TextParser.ParseOne("graph @g(%x: i8[1, 2]) {\n  return %x\n}\n").Inputs[0];

    [Fact]
    public void Functions_of_one_number_are_folded_into_the_entries() => Assert.Equal(
        [6, -5, 10],
        TableOf(new ChainLink.Add([5, 5]), new ChainLink.Multiply([3, 3]), new ChainLink.RoundingShift(3, s_value), Clamp(-5, 10)));

    [Fact]
    public void Products_wrap_as_they_do_behind_a_table() =>
        Assert.Equal([unchecked(10 * int.MaxValue), unchecked(-20 * int.MaxValue), unchecked(30 * int.MaxValue)],
            TableOf(new ChainLink.Multiply([int.MaxValue, int.MaxValue])));

    [Fact]
    public void A_table_behind_a_table_is_one() =>
        Assert.Equal([9, 7, 9], TableOf(Clamp(0, 2), new ChainLink.TableEntry([7, 8, 9])));

    [Fact]
    public void Numbers_of_channels_stay() => Assert.IsType<ChainLink.Add>(Folded(new ChainLink.Add([1, 2]))[^1]);

    [Fact]
    public void An_addend_behind_a_clamp_moves_the_table()
    {
        var links = LookupLinks.Folded([Clamp(-7, 7), new ChainLink.Add([1, 1]), Clamp(0, 2), new ChainLink.TableEntry(s_table)]);
        Assert.Equal([Clamp(-7, 7), Clamp(-1, 1), new ChainLink.TableEntry(s_table, 1)], links);
    }

    [Fact]
    public void An_addend_that_wraps_stays()
    {
        ChainLink[] wraps = [Clamp(-7, int.MaxValue), new ChainLink.Add([1, 1]), Clamp(0, 2), new ChainLink.TableEntry(s_table)];
        Assert.Equal(wraps, LookupLinks.Folded(wraps));
        ChainLink[] unknown = [new ChainLink.Add([1, 1]), Clamp(0, 2), new ChainLink.TableEntry(s_table)];
        Assert.Equal(unknown, LookupLinks.Folded(unknown));
    }

    [Theory]
    [InlineData(0, 2, 0, true)]
    [InlineData(-1, 1, 1, true)]
    [InlineData(0, 3, 0, false)]
    [InlineData(-1, 2, 0, false)]
    [InlineData(-2, 1, 1, false)]
    [InlineData(int.MinValue, int.MaxValue, 0, false)]
    [InlineData(2, 1, 0, false)]
    public void No_index_lies_outside_of_its_table(int low, int high, int origin, bool isInside)
    {
        var stage = Stage.Neutral(1) with { LastLow = low, LastHigh = high, Lookup = new StageLookup(new Pinned<int>(s_table), origin) };
        if (isInside) Assert.NotNull(stage.ProvenLookup);
        else Assert.Throws<InvalidOperationException>(() => stage.ProvenLookup);
    }

    private static ChainLink.Clamp Clamp(int low, int high) => new(low, high, s_value);

    private static IReadOnlyList<ChainLink> Folded(params ChainLink[] behind) =>
        LookupLinks.Folded([Clamp(0, 2), new ChainLink.TableEntry(s_table), .. behind]);

    private static int[] TableOf(params ChainLink[] behind)
    {
        var links = Folded(behind);
        Assert.Equal(2, links.Count);
        return Assert.IsType<ChainLink.TableEntry>(links[1]).Table;
    }
}

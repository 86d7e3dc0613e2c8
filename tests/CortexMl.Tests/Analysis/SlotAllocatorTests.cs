using CortexMl.Analysis;
using Xunit;

namespace CortexMl.Tests.Analysis;

/// <summary>Programs of letters: each step reads the ones before the arrow and writes the ones behind it.</summary>
public sealed class SlotAllocatorTests
{
    [Theory]
    [InlineData("a>b b>c c>d", "d", "a0 b1 c0 d1")]
    [InlineData("a>b ab>c c>d", "d", "a0 b1 c2 d0")]
    [InlineData("a>b a>c bc>d", "d", "a0 b1 c2 d0")]
    [InlineData("a>b b>c c>d", "bd", "a0 b1 c0 d2")]
    public void A_slot_is_free_behind_the_last_step_that_reads_its_value(string program, string behind, string expected) =>
        Assert.Equal(expected, Slots(Allocate(program, behind, _ => 1)));

    [Fact]
    public void What_nobody_reads_frees_its_slot_at_once() =>
        Assert.Equal("a0 b1 c2 d1", Slots(Allocate("a>bc c>d", "d", v => v is 'b' or 'd' ? 9 : 1)));

    [Fact]
    public void A_value_without_a_writer_has_no_slot() => Assert.Equal("a0 b1", Slots(Allocate("aw>b", "b", _ => 1)));

    [Fact]
    public void The_smallest_slot_that_is_large_enough_is_taken()
    {
        var found = Allocate("a>bcd bcd>e e>f", "f", v => v switch { 'b' => 100, 'c' => 10, 'd' => 50, 'f' => 20, _ => 1 });
        Assert.Equal("a0 b1 c2 d3 e0 f3", Slots(found));
        Assert.Equal([1L, 100, 10, 50], found.Bytes);
    }

    [Fact]
    public void Where_none_is_large_enough_the_largest_grows()
    {
        var found = Allocate("a>bc bc>d d>e", "e", v => v switch { 'b' => 10, 'c' => 20, 'e' => 30, _ => 1 });
        Assert.Equal("a0 b1 c2 d0 e2", Slots(found));
        Assert.Equal([1L, 10, 30], found.Bytes);
    }

    [Theory]
    [InlineData(16, 1, 16, "a0 b1 c0")]
    [InlineData(17, 1, 16, "a0 b1 c2")]
    [InlineData(17, 1, null, "a0 b1 c0")]
    [InlineData(1, 31, 16, "a0 b1 c0")]
    [InlineData(1, 32, 16, "a0 b1 c2")]
    [InlineData(1, 32, null, "a0 b1 c0")]
    public void A_slot_whose_size_is_too_far_from_the_need_is_left_alone(int size, int need, int? factor, string expected) =>
        Assert.Equal(expected, Slots(Allocate("a>b b>c", "c", v => v switch { 'a' => size, 'c' => need, _ => 1 }, factor)));

    private static SlotAllocation<char> Allocate(string program, string behind, Func<char, long> bytes, int? factor = null)
    {
        var steps = program.Split(' ').Select(step => step.Split('>'));
        return SlotAllocator.Allocate(
            [.. steps.Select(s => new StepUses<char>([.. s[0]], [.. s[1]]))], before: ['a'], behind, bytes, factor);
    }

    private static string Slots(SlotAllocation<char> found) =>
        string.Join(' ', found.SlotOf.OrderBy(s => s.Key).Select(s => $"{s.Key}{s.Value}"));
}

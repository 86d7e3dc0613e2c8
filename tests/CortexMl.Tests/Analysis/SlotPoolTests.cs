using CortexMl.Analysis;
using Xunit;

namespace CortexMl.Tests.Analysis;

/// <summary>Which free storage slot a result gets.</summary>
public sealed class SlotPoolTests
{
    [Theory]
    [InlineData(16, 1, true)]
    [InlineData(17, 1, false)]
    [InlineData(1, 16, true)]
    [InlineData(1, 31, true)]
    [InlineData(1, 32, false)]
    public void A_slot_is_used_again_within_a_factor_of_16(long size, long need, bool again)
    {
        var slots = Freed(size);
        Assert.Equal(again ? 0 : 1, slots.Take(need));
    }

    [Fact]
    public void The_smallest_that_is_large_enough_is_taken() => Assert.Equal(1, Freed(40, 20, 30).Take(15));

    [Fact]
    public void Where_none_is_large_enough_the_largest_grows()
    {
        var slots = Freed(10, 30, 20);
        Assert.Equal(1, slots.Take(100));
        slots.Free(1);
        Assert.Equal(1, slots.Take(90));
    }

    [Fact]
    public void Of_equals_the_first_that_became_free_is_taken()
    {
        var slots = new SlotPool(16);
        int first = slots.Take(8), second = slots.Take(8);
        slots.Free(second);
        slots.Free(first);
        Assert.Equal(second, slots.Take(8));
    }

    /// <summary>Slots 0, 1, … of these sizes, all free.</summary>
    private static SlotPool Freed(params long[] sizes)
    {
        var slots = new SlotPool(16);
        foreach (int slot in sizes.Select(slots.Take).ToList()) slots.Free(slot);
        return slots;
    }
}

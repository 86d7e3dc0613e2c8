using CortexMl.Engines.Cpu.MachineCode;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.MachineCode;

/// <summary>Which steps are added up in 16 bits.</summary>
public sealed class StepMergerTests
{
    private const int Channels = 8, Step = Channels * 4;

    [Theory]
    [InlineData(127, 4, 1)]
    [InlineData(127, 3, 2)]
    [InlineData(255, 4, 3)]
    [InlineData(31, 4, 4)]
    public void A_group_never_leaves_16_bits_and_every_step_is_in_one(int highest, int most, int seed)
    {
        var random = new Random(seed);
        // 255 · 2 · 64 is the most that a pair of weights may come to there.
        int largest = highest == 255 ? 64 : 128;
        sbyte[] weights = [.. Enumerable.Range(0, 200 * Step).Select(_ => (sbyte)random.Next(-largest, largest))];
        var groups = StepMerger.Merge(weights, Channels, highest, most);
        Assert.Equal(Enumerable.Range(0, 200), groups.SelectMany(steps => steps).Order());
        for (int size = 1; size <= groups.Count; size++)
        {
            foreach (int[] together in groups[size - 1].Chunk(size))
            {
                Assert.Equal(size, together.Length);
                for (int half = 0; half < Channels * 2; half++)
                {
                    int[] pair = [.. from step in together
                                     from at in new[] { 0, 1 }
                                     select (int)weights[(step * Step) + (2 * half) + at]];
                    // Data of the largest number where weights have one sign, and zeros elsewhere, are the worst there are.
                    Assert.InRange(pair.Where(w => w > 0).Sum() * highest, 0, short.MaxValue);
                    Assert.InRange(pair.Where(w => w < 0).Sum() * highest, short.MinValue, 0);
                }
            }
        }
    }

    [Fact]
    public void Small_weights_go_together_as_far_as_is_allowed()
    {
        sbyte[] weights = [.. Enumerable.Repeat((sbyte)3, 16 * Step)];
        Assert.Equal([0, 0, 0, 16], StepMerger.Merge(weights, Channels, highest: 127, most: 4).Select(steps => steps.Count));
        Assert.Equal([16], StepMerger.Merge(weights, Channels, highest: 127, most: 1).Select(steps => steps.Count));
    }

    [Fact]
    public void Large_weights_stay_alone()
    {
        sbyte[] weights = [.. Enumerable.Repeat((sbyte)127, 6 * Step)];
        Assert.Equal([6, 0], StepMerger.Merge(weights, Channels, highest: 127, most: 2).Select(steps => steps.Count));
        // One channel is enough.
        sbyte[] one = [.. weights.Select((w, i) => i % Step < 2 ? w : (sbyte)0)];
        Assert.Equal([6, 0], StepMerger.Merge(one, Channels, highest: 127, most: 2).Select(steps => steps.Count));
    }

    [Fact]
    public void Numbers_of_either_sign_do_not_make_up_for_each_other()
    {
        // 127 and -127: a pixel may be 0 where the second one is.
        sbyte[] weights = [.. Enumerable.Range(0, 4 * Step).Select(i => (sbyte)(i / Step % 2 == 0 ? 127 : -127))];
        var groups = StepMerger.Merge(weights, Channels, highest: 127, most: 4);
        Assert.Equal([0, 4, 0, 0], groups.Select(steps => steps.Count));
        Assert.All(groups[1].Chunk(2), pair => Assert.Equal(1, (pair[0] + pair[1]) % 2));
    }

    [Fact]
    public void Steps_of_zeros_are_left_out()
    {
        sbyte[] weights = new sbyte[5 * Step];
        weights[(3 * Step) + 7] = -1;
        Assert.Equal([3], StepMerger.Merge(weights, Channels, highest: 127, most: 4).SelectMany(steps => steps));
        Assert.Equal([3], StepMerger.Merge(weights, Channels, highest: 0, most: 1).SelectMany(steps => steps));
    }

    /// <summary>Columns are many, and steps between matrices long: nothing is set aside for groups that there are not.</summary>
    [Fact]
    public void Steps_that_are_taken_alone_need_no_memory_but_their_numbers()
    {
        sbyte[] weights = [.. Enumerable.Range(0, 64 * Step * 16).Select(i => (sbyte)(i / (Step * 16) % 3))];
        long before = GC.GetAllocatedBytesForCurrentThread();
        var groups = StepMerger.Merge(weights, Channels * 16, highest: 0, most: 1);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4096);
        Assert.Equal(Enumerable.Range(0, 64).Where(step => step % 3 > 0), Assert.Single(groups));
    }
}

using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Calibrate.Methods;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>Thresholds of single channels.</summary>
public sealed class ChannelStatisticsTests
{
    private const int Channels = 3, Inner = 4;

    [Fact]
    public void Order_and_grouping_of_the_samples_do_not_show()
    {
        var samples = Samples(40);
        ChannelStatistics forwards = Of(samples), backwards = Of(samples.AsEnumerable().Reverse());
        ChannelStatistics merged = Of(samples.Take(13)), rest = Of(samples.Skip(13));
        merged.Merge(rest);
        for (int c = 0; c < Channels; c++)
            foreach (var other in new[] { backwards, merged })
            {
                Assert.Equal(forwards.AbsMax(c), other.AbsMax(c));
                Assert.Equal(forwards.Growth(c, 10), other.Growth(c, 10));
                Assert.Equal(forwards.Count, other.Count);
            }
    }

    [Fact]
    public void Each_channel_has_its_own_maximum()
    {
        var statistics = new ChannelStatistics(2, 2);
        statistics.Add([1, -3, 0.25f, 0]);
        statistics.Add([2, 0, 0, -0.5f]);
        Assert.Equal((3, 0.5, 4), (statistics.AbsMax(0), statistics.AbsMax(1), statistics.Count));
    }

    // Maxima of samples with exponential tails grow by the tail's scale with each e-fold of samples.
    [Fact]
    public void Growth_is_the_scale_of_the_tail()
    {
        var random = new Random(3);
        double sum = 0;
        for (int trial = 0; trial < 2000; trial++)
        {
            var statistics = new ChannelStatistics(1, 1);
            for (int k = 0; k < 16; k++) statistics.Add([(float)(-2.5 * Math.Log(1 - random.NextDouble()))]);
            sum += statistics.Growth(0, 48);
        }
        Assert.InRange(sum / 2000 / Math.Log(4), 2.4, 2.6);
    }

    // Three times as many more: four times as many, which fewer than four samples count as.
    [Theory]
    [InlineData(new float[] { 0, 0 }, 0)]
    [InlineData(new float[] { 2, -2, 2, 2, 1 }, 0)]
    [InlineData(new float[] { 5, 1, 2, 3, 0.5f }, 4)]
    [InlineData(new float[] { 5 }, 5)]
    public void Growth_is_told_by_the_four_largest_samples(float[] samples, double apart)
    {
        var statistics = new ChannelStatistics(1, 1);
        foreach (float sample in samples) statistics.Add([sample]);
        int more = 3 * Math.Max(4, samples.Length);
        Assert.Equal(apart / (1 + 1 / 2.0 + 1 / 3.0) * 2 * Math.Log(2), statistics.Growth(0, more), 12);
    }

    [Fact]
    public void A_channel_reaches_beyond_what_it_was_seen_to_but_not_beyond_the_value()
    {
        var statistics = new ChannelStatistics(3, 1);
        for (int k = 0; k < 100_000; k++) statistics.Add([1 + k / 100_000f, 4 - k % 4, 2]);
        double[] mse = ChosenMethod.Parse("mse").ChannelThresholds(statistics, 4);
        double[] percentile = ChosenMethod.Parse("percentile").ChannelThresholds(statistics, 3);
        Assert.Equal([2.0, 4, 2], mse.Select(t => Math.Round(t, 2)));
        Assert.Equal([2.0, 3, 2], percentile.Select(t => Math.Round(t, 2)));
        var few = new ChannelStatistics(1, 1);
        few.Add([8]);
        few.Add([2]);
        Assert.Equal(10, ChosenMethod.Parse("mse").ChannelThresholds(few, 8)[0], 2);
    }

    private static List<float[]> Samples(int count)
    {
        var random = new Random(7);
        return [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Channels * Inner)
            .Select(i => (float)(Math.Pow(10, random.NextDouble() * 6 - 3 - i / Inner) * (random.Next(2) * 2 - 1))).ToArray())];
    }

    private static ChannelStatistics Of(IEnumerable<float[]> samples)
    {
        var statistics = new ChannelStatistics(Channels, Inner);
        foreach (float[] sample in samples) statistics.Add(sample);
        return statistics;
    }
}

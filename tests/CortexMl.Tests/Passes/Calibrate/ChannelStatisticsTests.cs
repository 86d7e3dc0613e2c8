using CortexMl.Passes.Calibrate;
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
                Assert.Equal(forwards.LeastSquares(c), other.LeastSquares(c));
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

    // One number far out among very many small ones: the squares of what it loses weigh less than the steps of the others.
    [Theory]
    [InlineData(1_000_000, 8, 16)]
    [InlineData(10, 64, 64)]
    public void A_rare_large_number_is_given_up_where_that_costs_less(int small, double least, double most)
    {
        var statistics = new ChannelStatistics(1, small + 1);
        var values = Enumerable.Range(0, small).Select(i => 3.9f * i / small).Append(64).ToArray();
        statistics.Add(values);
        Assert.InRange(statistics.LeastSquares(0), least, most);
        Assert.InRange(statistics.LeastSquares(0) / Best(values), 0.8, 1.25);
    }

    [Fact]
    public void A_channel_of_zeros_has_no_threshold()
    {
        var statistics = new ChannelStatistics(1, 2);
        statistics.Add([0, 0]);
        Assert.Equal(0, statistics.LeastSquares(0));
    }

    /// <summary>The edge of a quarter octave, or the largest number, with the least squared error, each number taken as it is.</summary>
    private static double Best(float[] values)
    {
        double most = values.Max(Math.Abs);
        var edges = Enumerable.Range(-20, 40).SelectMany(e => new[] { 1, 1.25, 1.5, 1.75 }.Select(m => Math.ScaleB(m, e)))
            .Where(t => t <= most && t > most / 65536).Append(most);
        return edges.Order().MinBy(t => values.Sum(v =>
            Math.Abs(v) <= t ? (v == 0 ? 0 : t * t / (127 * 127 * 12.0)) : (Math.Abs(v) - t) * (Math.Abs(v) - t)));
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

using CortexMl.Passes.Calibrate;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

public class HistogramTests
{
    /// <summary>Numbers of very different sizes, both signs, zeros and powers of two among them.</summary>
    private static readonly Gen<float[]> Numbers = Gen.OneOf(
        Gen.Float[-4, 4], Gen.Float[-1e6f, 1e6f], Gen.Float[-1e-30f, 1e-30f],
        Gen.Int[-20, 20].Select(e => MathF.ScaleB(e % 2 == 0 ? 1 : -1, e)),
        Gen.Const(0f), Gen.Const(-0f), Gen.Const(float.MaxValue), Gen.Const(float.MinValue), Gen.Const(float.Epsilon)).Array[1, 60];

    [Fact]
    public void Order_does_not_matter() =>
        Numbers.Sample(numbers => Assert.Equal(Print(Collect(numbers)), Print(Collect([.. numbers.Reverse()]))));

    [Fact]
    public void Parts_that_are_merged_are_the_whole() =>
        Gen.Select(Numbers, Numbers, Numbers).Sample((a, b, c) =>
        {
            ValueStatistics whole = Collect([.. a, .. b, .. c]), first = Collect(c), rest = Collect(a);
            rest.Merge(Collect(b));
            first.Merge(rest);
            Assert.Equal(Print(whole), Print(first));
        });

    [Fact]
    public void One_by_one_is_the_same_as_all_at_once() =>
        Numbers.Sample(numbers =>
        {
            var single = new ValueStatistics();
            foreach (float number in numbers) single.Add([number]);
            Assert.Equal(Print(Collect(numbers)), Print(single));
        });

    [Fact]
    public void Every_number_is_counted_in_the_bin_that_holds_it() =>
        Numbers.Sample(numbers =>
        {
            var histogram = Collect(numbers).Histogram;
            var expected = new long[Histogram.Bins];
            foreach (float number in numbers) expected[(int)Math.Floor(number / histogram.Width) + Histogram.Half]++;
            Assert.Equal(expected, histogram.Counts.ToArray());
        });

    [Theory]
    [InlineData(1.0f, 1)]
    [InlineData(-1.0f, 0)]
    [InlineData(0.999f, 0)]
    [InlineData(-1.001f, 1)]
    [InlineData(100, 7)]
    [InlineData(float.MaxValue, 128)]
    [InlineData(0, -126)]
    public void Range_is_the_least_that_holds_the_number(float number, int exponent) =>
        Assert.Equal(exponent, Collect(number).Histogram.Exponent);

    [Fact]
    public void Mean_and_deviation_come_from_the_bins()
    {
        // Range [-8, 8), bins of 1/256: the centres are 1/512 above the numbers.
        var statistics = Collect(1, 3, 3, 5);
        Assert.Equal(3 + 1.0 / 512, statistics.Mean);
        Assert.Equal(Math.Sqrt(2), statistics.Deviation, 12);
        Assert.Equal((1f, 5f, 5.0, 4L), (statistics.Min, statistics.Max, statistics.AbsMax, statistics.Count));
    }

    [Fact]
    public void A_constant_value_has_its_own_mean_and_no_deviation()
    {
        var statistics = Collect(0.3f, 0.3f);
        Assert.Equal((0.3f, 0.0), ((float)statistics.Mean, statistics.Deviation));
        Assert.Equal((0.0, 0.0), (Collect(0, -0f).Mean, Collect(0, -0f).Deviation));
    }

    [Fact]
    public void Numbers_that_are_not_finite_are_found_and_change_nothing()
    {
        var statistics = Collect(1, 2);
        string before = Print(statistics);
        Assert.Equal(2, statistics.Add([1, 2, float.NaN, 3]));
        Assert.Equal(0, statistics.Add([float.NegativeInfinity]));
        Assert.Equal(before, Print(statistics));
    }

    private static ValueStatistics Collect(params float[] numbers)
    {
        var statistics = new ValueStatistics();
        Assert.Equal(-1, statistics.Add(numbers));
        return statistics;
    }

    private static string Print(ValueStatistics s) =>
        $"{s.Count} {BitConverter.SingleToInt32Bits(s.Min):x} {BitConverter.SingleToInt32Bits(s.Max):x} {s.Mean:R} {s.Deviation:R} {s.Histogram.Exponent} "
        + string.Join(' ', s.Histogram.Counts.ToArray());

    [Fact]
    public void Nothing_that_is_merged_changes_nothing()
    {
        var statistics = Collect(1, 2);
        statistics.Merge(new ValueStatistics());
        Assert.Equal(Print(Collect(1, 2)), Print(statistics));
    }

    [Fact]
    public void Minus_zero_is_zero()
    {
        var statistics = Collect(-0f);
        Assert.Equal((0, 0), (BitConverter.SingleToInt32Bits(statistics.Min), BitConverter.SingleToInt32Bits(statistics.Max)));
    }

    [Fact]
    public void Few_numbers_take_few_bins_and_many_take_all()
    {
        var statistics = new ValueStatistics();
        statistics.Add([1f, 2f, 2f, 4f]);
        Assert.Equal(3, statistics.Histogram.Held);
        float[] ramp = [.. Enumerable.Range(0, 1000).Select(i => i / 125f)];
        foreach (float number in ramp) statistics.Add([number]);
        Assert.Equal(Histogram.Bins, statistics.Histogram.Held);
        Assert.Equal(1004, statistics.Histogram.Counts.ToArray().Sum());
        Assert.Equal(Print(Collect([1f, 2f, 2f, 4f, .. ramp])), Print(statistics));
    }
}

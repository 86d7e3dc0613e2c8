using CortexMl.Passes.Calibrate;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

public class CalibrationMethodTests
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1023, 1023)]
    [InlineData(1024, 1024)]
    [InlineData(1025, 1026)]
    [InlineData(2047, 2048)]
    [InlineData(0.7, 717.0 / 1024)]
    [InlineData(5.3701, 5.375)]
    public void Thresholds_are_rounded_up_to_10_binary_digits(double threshold, double expected) =>
        Assert.Equal(expected, CalibrationMethod.RoundUp(threshold));

    [Fact]
    public void Absmax_is_the_largest_magnitude() => Assert.Equal(6, Threshold("absmax", [-6, 1, 5]));

    [Fact]
    public void Percentile_gives_up_the_rarest_numbers()
    {
        // 999 numbers up to 0.5 and one of 7.9 in bins of 1/256: 99.9 % end with the bin of 0.5.
        float[] numbers = [.. Enumerable.Range(1, 999).Select(i => i / 1998f), 7.9f];
        Assert.Equal(0.5 + 1.0 / 256, Threshold("percentile", numbers, percentile: 99.9));
        Assert.Equal(CalibrationMethod.RoundUp(7.9f), Threshold("percentile", numbers, percentile: 99.95));
        Assert.Equal(CalibrationMethod.RoundUp(7.9f), Threshold("percentile", numbers, percentile: 100));
    }

    [Fact]
    public void Mean_std_reaches_lambda_deviations_where_that_is_clearly_below_the_maximum()
    {
        // Mean 2 + 1/512 (bin centres), deviation 1, then one outlier among a hundred thousand.
        float[] numbers = [.. Enumerable.Repeat(new[] { 1f, 3f }, 1000).SelectMany(p => p)];
        Assert.Equal(3, Threshold("mean-std", numbers, lambda: 4));
        float[] outlier = [.. Enumerable.Repeat(numbers, 50).SelectMany(n => n), 15];
        Assert.Equal(6, Threshold("mean-std", outlier, lambda: 4), 0.05);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("entropy")]
    public void A_lone_outlier_is_cut_off(string method)
    {
        var random = new Random(1);
        float[] bell = [.. Enumerable.Range(0, 20000).Select(_ => (float)Enumerable.Range(0, 12).Sum(_ => random.NextDouble() - 0.5))];
        double threshold = Threshold(method, [.. bell, 40]);
        Assert.InRange(threshold, 1.5, 37);
    }

    [Theory]
    [InlineData("mse")]
    [InlineData("entropy")]
    public void Evenly_spread_numbers_are_not_cut_off(string method)
    {
        float[] even = [.. Enumerable.Range(0, 20000).Select(i => i / 20000f)];
        Assert.InRange(Threshold(method, even), 0.97, 1.0);
    }

    [Theory]
    [InlineData("absmax")]
    [InlineData("percentile")]
    [InlineData("mean-std")]
    [InlineData("entropy")]
    [InlineData("mse")]
    public void A_value_that_is_always_zero_has_threshold_zero(string method) => Assert.Equal(0, Threshold(method, [0, 0, -0f]));

    // Of four samples the largest is 8 and the fourth 1: with 25 more it is expected to grow by 7 / (11/6) · ln(1 + 25/4), which is 0.9455
    // of 8. Of more than 2^15 numbers a part of it counts.
    [Theory]
    [InlineData(1 << 14, 1.9455)]
    [InlineData(1 << 15, 1.9455)]
    [InlineData(1 << 16, 1.4727)]
    [InlineData(1 << 18, 1.1182)]
    public void A_value_is_expected_to_grow_the_less_the_more_numbers_were_seen(int count, double times)
    {
        var statistics = new ValueStatistics();
        statistics.Add([.. Enumerable.Range(1, count - 3).Select(i => 8f * i / (count - 3))]);
        for (int k = 0; k < 3; k++) statistics.Add([1]);
        var method = new CalibrationMethod("mse", 99.99, 16);
        Assert.Equal(times, method.Reach(statistics) / method.Threshold(statistics), 0.004);
        Assert.Equal(8, new CalibrationMethod("absmax", 99.99, 16).Reach(statistics));
    }

    [Fact]
    public void But_to_no_more_than_twice_as_much()
    {
        var statistics = new ValueStatistics();
        statistics.Add([8, 1, 2, 4]);
        Assert.Equal(16, new CalibrationMethod("mse", 99.99, 16).Reach(statistics));
    }

    [Fact]
    public void Its_text_is_the_pipelines() =>
        Assert.Equal(["absmax", "percentile{percentile=99.9}", "mean-std{lambda=16}"],
            new[] { "absmax", "percentile", "mean-std" }.Select(name => new CalibrationMethod(name, 99.9, 16).ToString()));

    private static double Threshold(string method, float[] numbers, double percentile = 99.99, double lambda = 16)
    {
        var statistics = new ValueStatistics();
        statistics.Add(numbers);
        return new CalibrationMethod(method, percentile, lambda).Threshold(statistics);
    }
}

using CortexMl.Passes.Calibrate;
using Xunit;

namespace CortexMl.Tests.Passes.Calibrate;

/// <summary>How far inputs reach beyond the data they were seen in.</summary>
public sealed class InputReachTests
{
    // √(ln 20000 / ln n) times the largest of n numbers.
    [Theory]
    [InlineData(100, 1.46646)]
    [InlineData(1000, 1.19736)]
    [InlineData(10_000, 1.03694)]
    [InlineData(19_999, 1.0000025)]
    public void Few_numbers_reach_further_than_they_were_seen_to(int count, double times) =>
        Assert.Equal(8 * times, InputReach.Of(Rising(count, 8), isInteger: false), 8e-5);

    // ln 20000 / ln n is 2.25 between 81 and 82 numbers.
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(81)]
    public void But_not_half_as_far_again(int count) => Assert.Equal(12, InputReach.Of(Rising(count, 8), isInteger: false));

    [Fact]
    public void Eighty_two_numbers_reach_less_far() => Assert.InRange(InputReach.Of(Rising(82, 8), isInteger: false), 11.98, 11.9999);

    [Theory]
    [InlineData(20_000)]
    [InlineData(50_000)]
    public void Many_numbers_hold_the_largest(int count) => Assert.Equal(8, InputReach.Of(Rising(count, 8), isInteger: false));

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void Integers_have_a_bound(int count) => Assert.Equal(8, InputReach.Of(Rising(count, 8), isInteger: true));

    // What is seen at its end more than once ends there: at the side of the largest magnitude, not at the other.
    [Theory]
    [InlineData(new float[] { 8, 1, 2, 8 }, 8)]
    [InlineData(new float[] { -8, 1, 2, -8, 5 }, 8)]
    [InlineData(new float[] { 8, 1, -2, -2 }, 12)]
    [InlineData(new float[] { -8, 1, 2, 5, 5 }, 12)]
    [InlineData(new float[] { 3, 3, 1, 8 }, 12)]
    [InlineData(new float[] { 0, 0 }, 0)]
    public void What_is_seen_at_its_end_again_has_a_bound(float[] numbers, double reach)
    {
        var statistics = new ValueStatistics();
        statistics.Add(numbers);
        Assert.Equal(reach, InputReach.Of(statistics, isInteger: false));
    }

    [Fact]
    public void Numbers_of_several_samples_have_a_bound_together()
    {
        ValueStatistics one = new(), other = new();
        one.Add([0.5f, 1]);
        other.Add([1, 0.25f]);
        Assert.Equal(1.5, InputReach.Of(one, isInteger: false));
        one.Merge(other);
        Assert.Equal(1, InputReach.Of(one, isInteger: false));
    }

    [Theory]
    [InlineData("[]", "")]
    [InlineData("""[{"input": "a", "type": "u8"}, {"input": "b", "type": "f32"}, {"input": "c", "type": "i64"}]""", "a c")]
    [InlineData("""[{"input": "a"}, {"input": "b", "type": null}]""", "")]
    public void Data_that_is_stored_as_integers_is_told_by_its_type(string observed, string inputs) =>
        Assert.Equal(inputs, string.Join(' ', InputReach.Integers(observed).Order(StringComparer.Ordinal)));

    /// <summary>So many numbers at equal distances, each seen once, the last of them the largest.</summary>
    private static ValueStatistics Rising(int count, float largest)
    {
        var statistics = new ValueStatistics();
        statistics.Add([.. Enumerable.Range(1, count).Select(i => i < count ? largest / 2 * i / count : largest)]);
        return statistics;
    }
}

using CortexMl.Ir;
using CortexMl.Passes.Quantize;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Passes.Quantize;

public sealed class ShiftBudgetTests
{
    [Fact]
    public void A_clip_to_the_budgets_precision_never_changes_the_result() =>
        Gen.Select(Gen.Long[1, int.MaxValue], Gen.Int[2, 16], Gen.Long[1, 1 << 20], Gen.Int[0, 30], Gen.Double[-1, 1])
            .Sample((bound, precision, multiplier, shift, at) =>
            {
                int q = ShiftBudget.ClipPrecision(bound, precision, multiplier, shift);
                long x = (long)(at * bound), clipped = Math.Clamp(x, -Precisions.Bound(q), Precisions.Bound(q));
                Assert.Equal(Requantized(x, multiplier, shift, precision), Requantized(clipped, multiplier, shift, precision));
            });

    [Fact]
    public void A_clip_never_needs_more_than_the_proven_bound() =>
        Assert.Equal(11, ShiftBudget.ClipPrecision(1000, 16, 1, 0));

    [Fact]
    public void A_clip_is_as_narrow_as_saturation_allows() =>
        // 2^-16 · x saturates at ±127 from x = 127.5 · 2^16 on, which needs 24 bits; 31 are proven.
        Assert.Equal(24, ShiftBudget.ClipPrecision((1L << 30) - 1, 8, 1, 16));

    [Fact]
    public void A_clip_does_not_cut_off_what_just_fails_to_saturate() =>
        // -1 · 253 / 2 = -126.5 goes up to -126, -2 · 253 / 2 saturates at -127: a clip to ±1 would change the second.
        Assert.Equal(3, ShiftBudget.ClipPrecision(3, 8, 253, 1));

    [Theory]
    [InlineData(32, 1, true)]
    [InlineData(24, 127, true)]
    [InlineData(25, 127, false)]
    [InlineData(33, 1, false)]
    public void Data_and_multiplier_share_32_bits_and_a_factor_of_one_takes_none(int precision, long multiplier, bool fits) =>
        Assert.Equal(fits, ShiftBudget.Fits(precision, multiplier));

    /// <summary>round(x · m / 2^b), half up, saturated: straight from the definition.</summary>
    private static long Requantized(long x, long multiplier, int shift, int precision)
    {
        Int128 product = (Int128)x * multiplier, unit = (Int128)1 << shift;
        Int128 doubled = 2 * product + unit, divisor = 2 * unit;
        Int128 floor = doubled >= 0 ? doubled / divisor : -((-doubled + divisor - 1) / divisor);
        long bound = Precisions.Bound(precision);
        return (long)Int128.Clamp(floor, -bound, bound);
    }
}

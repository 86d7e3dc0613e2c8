using CortexMl.Numerics;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Numerics;

/// <summary>The portable functions against the platform's, which are correct to about one unit in the last place.</summary>
public sealed class PortableMathTests
{
    [Fact]
    public void Exp_agrees_with_the_platform() =>
        Gen.Double[-740, 709].Sample(x => Assert.True(Near(Math.Exp(x), PortableMath.Exp(x)), $"exp({x:R})"));

    [Fact]
    public void Log_agrees_with_the_platform() =>
        Gen.Double[1e-300, 1e300].Sample(x => Assert.True(Near(Math.Log(x), PortableMath.Log(x)), $"log({x:R})"));

    [Fact]
    public void Log_is_accurate_near_one() =>
        Gen.Double[0.5, 2].Sample(x => Assert.True(Near(Math.Log(x), PortableMath.Log(x)), $"log({x:R})"));

    [Fact]
    public void Decibels_agree_with_the_platform() =>
        Gen.Double[1e-30, 1e30].Sample(x => Assert.True(Near(10 * Math.Log10(x), PortableMath.Decibels(x)), $"{x:R}"));

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1000, 30)]
    [InlineData(0.01, -20)]
    [InlineData(0, double.NegativeInfinity)]
    public void Decibels_of_known_ratios(double ratio, double decibels) => Assert.Equal(decibels, PortableMath.Decibels(ratio), 12);

    [Fact]
    public void Tanh_agrees_with_the_platform() =>
        Gen.Double[-20, 20].Sample(x => Assert.True(Near(Math.Tanh(x), PortableMath.Tanh(x)), $"tanh({x:R})"));

    [Fact]
    public void Sine_and_cosine_agree_with_the_platform() => Gen.Double[-1e6, 1e6].Sample(x => Assert.True(
        Math.Abs(Math.Sin(x) - PortableMath.Sin(x)) < 1e-15 && Math.Abs(Math.Cos(x) - PortableMath.Cos(x)) < 1e-15, $"{x:R}"));

    [Fact]
    public void Arcs_agree_with_the_platform() => Gen.Double[-0.999, 0.999].Sample(x => Assert.True(
        Near(Math.Asin(x), PortableMath.Asin(x)) && Near(Math.Acos(x), PortableMath.Acos(x)) && Near(Math.Atanh(x), PortableMath.Atanh(x)),
        $"{x:R}"));

    [Fact]
    public void Arctangent_and_inverse_hyperbolic_functions_agree_with_the_platform() => Gen.Double[-1e3, 1e3].Sample(x => Assert.True(
        Near(Math.Atan(x), PortableMath.Atan(x)) && Near(Math.Asinh(x), PortableMath.Asinh(x))
        && Near(Math.Acosh(1 + Math.Abs(x)), PortableMath.Acosh(1 + Math.Abs(x))), $"{x:R}"));

    [Fact]
    public void Arcs_at_the_ends_and_outside()
    {
        Assert.Equal(Math.PI / 2, PortableMath.Asin(1), 1e-15);
        Assert.Equal(Math.PI, PortableMath.Acos(-1), 1e-15);
        Assert.Equal(-Math.PI / 2, PortableMath.Atan(double.NegativeInfinity), 1e-15);
        Assert.Equal(Math.Asinh(1e200), PortableMath.Asinh(1e200), 1e-12);
        Assert.Equal(0, PortableMath.Acosh(1));
        Assert.Equal(double.PositiveInfinity, PortableMath.Atanh(1));
        Assert.All([PortableMath.Asin(1.5), PortableMath.Acos(-2), PortableMath.Acosh(0.5), PortableMath.Atanh(-3)],
            y => Assert.True(double.IsNaN(y)));
    }

    [Fact]
    public void Sine_and_cosine_far_out_lie_between_minus_one_and_one() => Gen.Double[1e6, 1e300].Sample(x => Assert.True(
        Math.Abs(PortableMath.Sin(-x)) <= 1 && Math.Abs(PortableMath.Cos(x)) <= 1, $"{x:R}"));

    [Fact]
    public void Sine_far_out_is_off_by_no_more_than_its_reduction() => Gen.Double[1e6, 1e12].Sample(x =>
        Assert.True(Math.Abs(Math.Sin(x) - PortableMath.Sin(x)) < 1e-16 * x, $"{x:R}"));

    [Theory]
    [InlineData(0, 0, 1)]
    [InlineData(Math.PI / 2, 1, 0)]
    [InlineData(Math.PI, 0, -1)]
    [InlineData(-Math.PI / 2, -1, 0)]
    [InlineData(-Math.PI / 6, -0.5, 0.86602540378443865)]
    public void Sine_and_cosine_of_known_angles(double x, double sine, double cosine)
    {
        Assert.Equal(sine, PortableMath.Sin(x), 1e-15);
        Assert.Equal(cosine, PortableMath.Cos(x), 1e-15);
        Assert.True(double.IsNaN(PortableMath.Sin(double.PositiveInfinity)));
    }

    [Fact]
    public void Tanh_is_accurate_near_zero() =>
        Gen.Double[-0.05, 0.05].Sample(x => Assert.True(Near(Math.Tanh(x), PortableMath.Tanh(x)), $"tanh({x:R})"));

    [Fact]
    public void Pow_agrees_with_the_platform() =>
        Gen.Select(Gen.Double[1e-3, 1e3], Gen.Double[-8, 8])
            .Sample((x, y) => Assert.True(Near(Math.Pow(x, y), PortableMath.Pow(x, y)), $"{x:R}^{y:R}"));

    [Theory]
    [InlineData(-1.01, 101)]
    [InlineData(-1.01, 100)]
    [InlineData(1, double.PositiveInfinity)]
    [InlineData(-2, 0.5)]
    [InlineData(-2, 1.5)]
    [InlineData(0, 1.5)]
    [InlineData(0, -1.5)]
    public void Pow_is_defined_where_the_platforms_is(double x, double y)
    {
        double expected = Math.Pow(x, y), actual = PortableMath.Pow(x, y);
        Assert.True(expected.Equals(actual) || Near(expected, actual), $"{x}^{y}: {actual} where {expected} is expected");
    }

    // Values: Abramowitz and Stegun, table 7.1, to ten digits.
    [Theory]
    [InlineData(0.1, 0.1124629160)]
    [InlineData(0.5, 0.5204998778)]
    [InlineData(1.0, 0.8427007929)]
    [InlineData(2.0, 0.9953222650)]
    [InlineData(-1.5, -0.9661051465)]
    public void Erf_has_its_tabulated_values(double x, double expected) => Assert.Equal(expected, PortableMath.Erf(x), 1e-10);

    [Fact]
    public void Ends_of_the_ranges_are_defined()
    {
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(1000));
        Assert.Equal(0, PortableMath.Exp(-1000));
        Assert.Equal(double.NegativeInfinity, PortableMath.Log(0));
        Assert.True(double.IsNaN(PortableMath.Log(-1)));
        Assert.Equal(-8, PortableMath.Pow(-2, 3));
        Assert.Equal(1, PortableMath.Erf(30));
    }

    private static bool Near(double expected, double actual) => Math.Abs(expected - actual) <= 1e-14 * Math.Abs(expected) + 1e-300;
}

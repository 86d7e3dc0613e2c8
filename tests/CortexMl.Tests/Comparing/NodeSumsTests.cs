using CortexMl.Comparing;
using CortexMl.Tensors;
using Xunit;

namespace CortexMl.Tests.Comparing;

/// <summary>Two values side by side, where the scale of the integers is not known: of two channels each has its own.</summary>
public sealed class NodeSumsTests
{
    private static readonly Shape s_shape = Shape.Of(1, 2, 2);

    private static readonly Elements s_real = new(s_shape, [1, 2, 30, 60], null, null, 0);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Channels_of_different_scales_fit_exactly(bool integersFirst)
    {
        var sums = Sums(integersFirst, 10, 20, 3, 6);
        Assert.True(sums.IsFitted);
        Assert.Null(sums.NoiseRatio);
        Assert.Equal(1, sums.Cosine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_has_the_other_sign_does_not_fit(bool integersFirst)
    {
        // Of 1 + 4 + 900 + 3600 only 1 + 4 is explained: 10 · log₁₀(4505 / 4500) = 0.0048, √(5 / 4505) = 0.033315
        var sums = Sums(integersFirst, 10, 20, -3, -6);
        Assert.Equal(0, sums.NoiseRatio);
        Assert.Equal(0.033315, sums.Cosine);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Noise_is_a_share_of_the_real_numbers_whichever_stands_first(bool integersFirst)
    {
        // The first channel fits; of (30, 60) the best multiple of (1, 1) leaves (-15, 15): 10 · log₁₀(4505 / 450) = 10.0048
        var sums = Sums(integersFirst, 1000, 2000, 1, 1);
        Assert.Equal(10, sums.NoiseRatio);
        // √(4055 / 4505)
        Assert.Equal(0.948742, sums.Cosine);
    }

    [Fact]
    public void Zeros_in_place_of_numbers_are_nothing_of_them()
    {
        var sums = Sums(false, 0, 0, 0, 0);
        Assert.Equal(0, sums.NoiseRatio);
        Assert.Equal(0, sums.Cosine);
    }

    private static NodeSums Sums(bool integersFirst, params int[] integers)
    {
        var (sums, whole) = (new NodeSums(), new Elements(s_shape, null, integers, null, 127));
        if (integersFirst) sums.Add(whole, s_real);
        else sums.Add(s_real, whole);
        return sums;
    }
}

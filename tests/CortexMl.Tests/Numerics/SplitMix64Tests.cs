using CortexMl.Numerics;
using Xunit;

namespace CortexMl.Tests.Numerics;

public sealed class SplitMix64Tests
{
    [Fact]
    public void Draws_are_those_of_the_published_generator()
    {
        var random = new SplitMix64(0);
        ulong[] expected = [0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F];
        Assert.Equal(expected, (ulong[])[random.Next(), random.Next(), random.Next()]);
    }

    [Fact]
    public void A_unit_number_is_the_upper_53_bits()
    {
        var random = new SplitMix64(0);
        Assert.Equal((double)(0xE220A8397B1DCDAF >> 11) / (1L << 53), random.NextUnit());
    }
}

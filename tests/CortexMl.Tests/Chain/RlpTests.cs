using System.Numerics;
using CortexMl.Chain;
using CortexMl.Chain.Rlp;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Chain;

public sealed class RlpTests
{
    [Theory]
    [InlineData(0, "0x80")]
    [InlineData(15, "0x0f")]
    [InlineData(127, "0x7f")]
    [InlineData(128, "0x8180")]
    [InlineData(1024, "0x820400")]
    public void Integers_are_big_endian_without_leading_zeros(int value, string encoded) =>
        Assert.Equal(encoded, Hex.Of(RlpCodec.Write(RlpCodec.Integer(new BigInteger(value)))));

    [Fact]
    public void Lists_nest()
    {
        var empty = new RlpList([]);
        Assert.Equal("0xc7c0c1c0c3c0c1c0",
            Hex.Of(RlpCodec.Write(new RlpList([empty, new RlpList([empty]), new RlpList([empty, new RlpList([empty])])]))));
    }

    [Theory]
    [InlineData("", "an item is missing")]
    [InlineData("8100", "below 0x80 it stands for itself")]
    [InlineData("817f", "below 0x80 it stands for itself")]
    [InlineData("8180ff", "1 byte behind the item")]
    [InlineData("82ff", "an item of 2 bytes; 1 remain")]
    [InlineData("b800", "leading zeros")]
    [InlineData("b80161", "written long")]
    [InlineData("b9", "the length is cut off")]
    [InlineData("bfffffffffffffffff", "a length of 8 bytes")]
    [InlineData("bb7fffffff00", "an item of 2147483647 bytes")]
    [InlineData("c181", "an item of 1 byte; 0 remain")]
    [InlineData("c3c3ffff", "an item of 3 bytes; 2 remain")]
    [InlineData("f7", "an item of 55 bytes; 0 remain")]
    public void What_is_not_canonical_is_refused(string hex, string message) =>
        Assert.Contains(message, Refused.With(ChainCodes.Rlp, () => RlpCodec.Read(Convert.FromHexString(hex), "code"))[0].Message);

    [Fact]
    public void Deep_lists_are_refused()
    {
        RlpItem deep = new RlpList([]);
        for (int i = 0; i < 200; i++) deep = new RlpList([deep]);
        Assert.Contains("deeper than 64", Refused.With(ChainCodes.Rlp, () => RlpCodec.Read(RlpCodec.Write(deep), "code"))[0].Message);
    }

    [Fact]
    public void Whatever_is_accepted_is_written_the_same() => Gen.Byte.Array[0, 80].Sample(
        bytes =>
        {
            if (Refused.OrResult(() => RlpCodec.Read(bytes, "code")) is { } item) Assert.Equal(bytes, RlpCodec.Write(item));
        },
        iter: 50_000);
}

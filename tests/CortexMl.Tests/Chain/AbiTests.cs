using System.Numerics;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Chain;

public sealed class AbiTests
{
    private static readonly string s_zeros = new('0', 63);

    [Fact]
    public void The_example_of_the_specification_is_encoded_as_it_says()
    {
        var function = FunctionSignature.Parse("sam(bytes,bool,uint256[])");
        object[] values = ["dave"u8.ToArray(), true, new object[] { BigInteger.One, (BigInteger)2, (BigInteger)3 }];
        string expected = "0xa5643bf2" + Words("60", "1", "a0", "4") + "6461766500000000000000000000000000000000000000000000000000000000" + Words("3", "1", "2", "3");
        Assert.Equal(expected, Hex.Of(CallData.Codec.EncodeRequest(function, values)));
    }

    [Theory]
    [InlineData("int8", "-1", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("uint256", "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("bytes2", "0xabcd", "abcd000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("bool", "true", "0000000000000000000000000000000000000000000000000000000000000001")]
    public void One_word_holds_a_static_value(string type, string value, string word)
    {
        var types = FunctionSignature.Parse($"({type})").Inputs;
        Assert.Equal("0x" + word, Hex.Of(CallData.Codec.EncodeParameters(types, [AbiJson.ReadArgument(value, types[0])])));
    }

    [Theory]
    [InlineData("uint8", "256")]
    [InlineData("uint8", "-1")]
    [InlineData("int8", "128")]
    [InlineData("int8", "-129")]
    [InlineData("uint256", "1.5")]
    [InlineData("uint256", "")]
    [InlineData("uint256", "0x")]
    [InlineData("bool", "1")]
    [InlineData("bytes2", "0x01")]
    [InlineData("address", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1Beaed")]
    [InlineData("address", "0x5aae")]
    [InlineData("uint8[2]", "[1]")]
    [InlineData("(uint8,bool)", "[1]")]
    [InlineData("uint8[]", "[")]
    [InlineData("uint8[]", "7")]
    [InlineData("string[]", "[\"\\ud800\"]")]
    public void A_value_that_does_not_fit_is_refused(string type, string value)
    {
        var types = FunctionSignature.Parse($"({type})").Inputs;
        Refused.With(ChainCodes.AbiValue, () => CallData.Codec.EncodeParameters(types, [AbiJson.ReadArgument(value, types[0])]));
    }

    [Theory]
    [InlineData("f(")]
    [InlineData("f(uint7)")]
    [InlineData("f(uint264)")]
    [InlineData("f(uint08)")]
    [InlineData("f(bytes33)")]
    [InlineData("f(bytes0)")]
    [InlineData("f(uint256,)")]
    [InlineData("f(uint256[-1])")]
    [InlineData("f(uint256[99999999999])")]
    [InlineData("f(uint256[2147483647][2147483647])")]
    [InlineData("f(uint256[0][])")]
    [InlineData("f(uint256) x) ")]
    [InlineData("9f()")]
    [InlineData("uint256")]
    public void A_type_that_is_none_is_refused(string signature) => Refused.With(ChainCodes.AbiType, () => FunctionSignature.Parse(signature));

    [Fact]
    public void Types_that_nest_without_end_are_refused()
    {
        Refused.With(ChainCodes.AbiType, () => FunctionSignature.Parse(new string('(', 50_000)));
        Refused.With(ChainCodes.AbiType, () => FunctionSignature.Parse("f(uint8" + string.Concat(Enumerable.Repeat("[]", 20_000)) + ")"));
    }

    [Theory]
    [InlineData("uint8", new[] { "100" })]
    [InlineData("bool", new[] { "2" })]
    [InlineData("uint256", new[] { "1", "1" })]
    [InlineData("uint256[]", new[] { "40", "0", "0" })]
    [InlineData("uint256[]", new[] { "20", "2", "0" })]
    [InlineData("bytes", new[] { "20", "1", "1" })]
    [InlineData("uint256[],uint256[]", new[] { "40", "40", "0" })]
    [InlineData("string", new[] { "20" })]
    public void Data_that_no_encoder_writes_are_refused(string types, string[] words) =>
        Refused.With(ChainCodes.AbiData, () => CallData.Codec.DecodeParameters(FunctionSignature.Parse($"({types})").Inputs, Hex.Parse(Words(words), "data")));

    [Fact]
    public void A_huge_length_is_compared_with_what_remains_before_anything_is_reserved()
    {
        foreach (string type in (string[])["uint256[]", "bytes", "string[]", "(bool[])[]", "string[2000000000]", "uint256[60000000]"])
        {
            var types = FunctionSignature.Parse($"({type})").Inputs;
            byte[] data = Hex.Parse(Words("20") + new string('f', 64) + Words("0"), "data");
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refused.With(ChainCodes.AbiData, () => CallData.Codec.DecodeParameters(types, data));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, type);
        }
    }

    [Fact]
    public void A_list_of_countless_short_values_is_refused()
    {
        var types = FunctionSignature.Parse("(uint8[])").Inputs;
        Refused.With(CortexMl.Diagnostics.DiagnosticCodes.TooLarge, () => AbiJson.ReadArgument($"[1{string.Concat(Enumerable.Repeat(",1", 1_000_000))}]", types[0]));
    }

    [Fact]
    public void Another_function_is_refused() =>
        Refused.With(ChainCodes.Selector, () => CallData.Codec.DecodeRequest(FunctionSignature.Parse("f()"), Hex.Parse("0x12345678", "data")));

    [Fact]
    public void Changed_data_are_refused_or_mean_what_they_say()
    {
        var types = FunctionSignature.Parse("(uint8[],string,(bool,bytes)[2],int16,address)").Inputs;
        byte[] data = CallData.Codec.EncodeParameters(types,
        [
            new object[] { (BigInteger)1, (BigInteger)2 }, "ß", new object[] { new object[] { true, new byte[] { 1 } }, new object[] { false, new byte[33] } }, (BigInteger)(-5), "0x" + new string('1', 40),
        ]);
        Gen.Select(Gen.Int[0, data.Length - 1], Gen.Byte, Gen.Int[0, data.Length]).Sample((at, value, length) =>
        {
            byte[] changed = [.. data[..length]];
            if (at < length) changed[at] = value;
            // Whatever is accepted is the one encoding of its values.
            if (Refused.OrResult(() => CallData.Codec.DecodeParameters(types, changed)) is { } values) Assert.Equal(changed, CallData.Codec.EncodeParameters(types, values));
        }, iter: 20_000);
    }

    [Fact]
    public void Any_bytes_as_data_or_signature_are_refused_or_read()
    {
        var types = FunctionSignature.Parse("(uint256[],bytes)").Inputs;
        Gen.Byte.Array[0, 200].Sample(bytes => Refused.OrResult(() => CallData.Codec.DecodeParameters(types, bytes)), iter: 5_000);
        const string Letters = "fuint8bytes256[](),x 0-";
        Gen.Int[0, Letters.Length - 1].Array[0, 40].Sample(
            letters => Refused.OrResult(() => FunctionSignature.Parse(string.Concat(letters.Select(i => Letters[i])))), iter: 20_000);
    }

    private static string Words(params string[] numbers) => string.Concat(numbers.Select(n => (s_zeros + n)[^64..]));
}

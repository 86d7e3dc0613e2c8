using System.Numerics;
using System.Text.Json;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Words;
using CortexMl.ChainCheck;
using CortexMl.Diagnostics;
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
        string expected = "0xa5643bf2" + Words("60", "1", "a0", "4") + "6461766500000000000000000000000000000000000000000000000000000000"
            + Words("3", "1", "2", "3");
        Assert.Equal(expected, Hex.Of(CallData.Encode(function, values)));
    }

    [Theory]
    [InlineData("int8", "-1", "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("uint256", "0xffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff")]
    [InlineData("bytes2", "0xabcd", "abcd000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("bool", "true", "0000000000000000000000000000000000000000000000000000000000000001")]
    public void One_word_holds_a_static_value(string type, string value, string word)
    {
        var types = FunctionSignature.Parse($"({type})").Inputs;
        Assert.Equal("0x" + word, Hex.Of(AbiCodec.Encode(types, [AbiJson.ReadArgument(value, types[0])])));
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
        Refused.With(ChainCodes.AbiValue, () => AbiCodec.Encode(types, [AbiJson.ReadArgument(value, types[0])]));
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
    public void A_type_that_is_none_is_refused(string signature) =>
        Refused.With(ChainCodes.AbiType, () => FunctionSignature.Parse(signature));

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
        Refused.With(
            ChainCodes.AbiData, () => AbiCodec.Decode(FunctionSignature.Parse($"({types})").Inputs, Hex.Parse(Words(words), "data")));

    [Theory]
    [InlineData("a word behind the last value", "uint256[]", "[7]", new[] { "20", "1", "7", "0" }, "32 bytes follow the last value")]
    [InlineData("a byte behind it", "uint8", "7", new[] { "7", "RAW:00" }, "1 byte follows the last value")]
    [InlineData(
        "a gap before the array", "uint256[]", "[7]", new[] { "40", "0", "1", "7" }, "stands at offset 64, where an encoder puts it at 32")]
    [InlineData("an array in front of another one's words", "uint256[],uint256[]", "[7] [8]",
        new[] { "80", "40", "1", "8", "1", "7" }, "stands at offset 128")]
    public void What_contracts_accept_in_a_call_is_decoded_with_a_warning(
        string what, string types, string values, string[] words, string warning)
    {
        Assert.NotEmpty(what);
        var parameters = FunctionSignature.Parse($"({types})").Inputs;
        byte[] data = Hex.Parse(Words(words), "data");
        var notes = new DiagnosticBag();
        var decoded = AbiCodec.Decode(parameters, data, notes);
        Assert.Equal(values,
            string.Join(
            ' ', decoded.Select((v, i) => AbiJson.Write(v, parameters[i]).ToJsonString().Replace("\"", "", StringComparison.Ordinal))));
        Assert.Contains(notes.Items,
            n => n.Code == ChainCodes.IrregularData && n.Severity == Severity.Warning
            && n.Message.Contains(warning, StringComparison.Ordinal));
        Refused.With(ChainCodes.AbiData, () => AbiCodec.Decode(parameters, data));
    }

    [Theory]
    [InlineData("bool", new[] { "2" })]
    [InlineData("uint8", new[] { "100" })]
    [InlineData("address", new[] { "10000000000000000000000000000000000000000" })]
    [InlineData("bytes2", new[] { "1" })]
    [InlineData("bytes", new[] { "20", "1", "1" })]
    [InlineData("string", new[] { "20", "1", "RAW:ff00000000000000000000000000000000000000000000000000000000000000" })]
    [InlineData("uint256[]", new[] { "60", "1", "7" })]
    [InlineData("uint256[]", new[] { "20", "2", "7" })]
    [InlineData("uint256[]", new string[0])]
    [InlineData("uint256[],uint256[],uint256[]", new[] { "60", "60", "60", "3", "1", "2", "3" })]
    [InlineData(
        "bytes[],bytes[]", new[] { "40", "40", "1", "20", "3", "RAW:6162630000000000000000000000000000000000000000000000000000000000" })]
    public void What_no_contract_should_be_given_is_refused_in_a_call_too(string types, string[] words) => Refused.With(
        ChainCodes.AbiData,
        () => AbiCodec.Decode(FunctionSignature.Parse($"({types})").Inputs, Hex.Parse(Words(words), "data"), new DiagnosticBag()));

    [Fact]
    public void Values_of_any_types_are_found_behind_a_gap()
    {
        int found = 0;
        foreach (string line in new RandomCases(seed: 11).Lines(600))
        {
            var json = JsonDocument.Parse(line).RootElement;
            if (!json.TryGetProperty("types", out var names)) continue;
            var types = FunctionSignature.Parse($"({string.Join(',', names.EnumerateArray().Select(t => t.GetString()))})").Inputs;
            byte[] encoded = Hex.Parse(json.GetProperty("encoded").GetString()!, "encoded");
            // Heads, a word that nobody reads, then what the offsets lead to, one word further.
            int heads = (int)types.Sum(t => t.HeadSize), at = 0;
            byte[] moved = [.. encoded[..heads], .. new byte[ChainRules.WordSize], .. encoded[heads..]];
            foreach (var type in types)
            {
                if (type.IsDynamic)
                    ChainWords.FromValues([new BigInteger(moved.AsSpan(at, 32), isUnsigned: true, isBigEndian: true) + ChainRules.WordSize])
                        .CopyTo(moved, at);
                at += (int)type.HeadSize;
            }
            var notes = new DiagnosticBag();
            Assert.Equal(encoded, AbiCodec.Encode(types, AbiCodec.Decode(types, moved, notes)));
            Assert.NotEmpty(notes.Items);
            found++;
        }
        Assert.Equal(400, found);
    }

    [Fact]
    public void A_huge_length_is_compared_with_what_remains_before_anything_is_reserved()
    {
        foreach (string type in (string[])["uint256[]", "bytes", "string[]", "(bool[])[]", "string[2000000000]", "uint256[60000000]"])
        {
            var types = FunctionSignature.Parse($"({type})").Inputs;
            byte[] data = Hex.Parse(Words("20") + new string('f', 64) + Words("0"), "data");
            long before = GC.GetAllocatedBytesForCurrentThread();
            Refused.With(ChainCodes.AbiData, () => AbiCodec.Decode(types, data));
            Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20, type);
        }
    }

    [Fact]
    public void A_list_of_countless_short_values_is_refused()
    {
        var types = FunctionSignature.Parse("(uint8[])").Inputs;
        Refused.With(
            DiagnosticCodes.TooLarge, () => AbiJson.ReadArgument($"[1{string.Concat(Enumerable.Repeat(",1", 1_000_000))}]", types[0]));
    }

    [Fact]
    public void Another_function_is_refused() =>
        Refused.With(ChainCodes.Selector,
            () => CallData.Decode(FunctionSignature.Parse("f()"), Hex.Parse("0x12345678", "data"), new DiagnosticBag()));

    [Fact]
    public void Changed_data_are_refused_or_mean_what_they_say()
    {
        var types = FunctionSignature.Parse("(uint8[],string,(bool,bytes)[2],int16,address)").Inputs;
        byte[] data = AbiCodec.Encode(types,
        [
            new object[] { (BigInteger)1, (BigInteger)2 }, "ß",
            new object[] { new object[] { true, new byte[] { 1 } }, new object[] { false, new byte[33] } },
            (BigInteger)(-5), "0x" + new string('1', 40),
        ]);
        Gen.Select(Gen.Int[0, data.Length - 1], Gen.Byte, Gen.Int[0, data.Length]).Sample((at, value, length) =>
        {
            byte[] changed = [.. data[..length]];
            if (at < length) changed[at] = value;
            // Whatever is accepted is the one encoding of its values.
            if (Refused.OrResult(() => AbiCodec.Decode(types, changed)) is { } values)
                Assert.Equal(changed, AbiCodec.Encode(types, values));
        }, iter: 20_000);
    }

    [Fact]
    public void Any_bytes_as_data_or_signature_are_refused_or_read()
    {
        var types = FunctionSignature.Parse("(uint256[],bytes)").Inputs;
        Gen.Byte.Array[0, 200].Sample(bytes => Refused.OrResult(() => AbiCodec.Decode(types, bytes)), iter: 5_000);
        const string Letters = "fuint8bytes256[](),x 0-";
        Gen.Int[0, Letters.Length - 1].Array[0, 40].Sample(
            letters => Refused.OrResult(() => FunctionSignature.Parse(string.Concat(letters.Select(i => Letters[i])))), iter: 20_000);
    }

    private static string Words(params string[] numbers) =>
        string.Concat(numbers.Select(n => n.StartsWith("RAW:", StringComparison.Ordinal) ? n[4..] : (s_zeros + n)[^64..]));
}

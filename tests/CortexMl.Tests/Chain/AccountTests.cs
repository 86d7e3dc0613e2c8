using CortexMl.Chain;
using CortexMl.Chain.Meta;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Chain;

public sealed class AccountTests
{
    private static readonly byte[] s_hash = [.. Enumerable.Range(1, 20).Select(i => (byte)i)];

    private static readonly ModelAccount s_model =
        new("digits", s_hash, 79381, [1, 28, 28], [10], 20000, [.. Enumerable.Repeat((byte)0xaa, 20)], 0);

    private static readonly InputAccount s_input = new("", s_hash, 912, [1, 28, 28], 4_000_000);

    [Fact]
    public void A_model_is_0001_and_the_list_of_its_fields() => Assert.Equal(
        "0x0001" + "f83f" + "86646967697473" + "940102030405060708090a0b0c0d0e0f1011121314" + "83013615" + "c3011c1c" + "c10a" + "824e20"
            + "94" + string.Concat(Enumerable.Repeat("aa", 20)) + "80",
        Hex.Of(AccountCodec.Encode(s_model)));

    [Fact]
    public void Input_data_are_0002_and_the_list_of_their_fields() => Assert.Equal(
        "0x0002" + "e1" + "80" + "940102030405060708090a0b0c0d0e0f1011121314" + "820390" + "c3011c1c" + "833d0900",
        Hex.Of(AccountCodec.Encode(s_input)));

    [Fact]
    public void Codes_and_json_are_read_back()
    {
        foreach (AccountCode account in (AccountCode[])[s_model, s_input])
        {
            byte[] code = AccountCodec.Encode(account);
            string json = AccountJson.Write(AccountCodec.Decode(code, "code"));
            Assert.Equal(code, AccountCodec.Encode(AccountJson.Read(json, "json")));
            Assert.Equal(json, AccountJson.Write(AccountJson.Read(json, "json")));
        }
    }

    [Theory]
    [InlineData("", "starts with 0x0001 or 0x0002")]
    [InlineData("0003c0", "the code starts with 0x0003")]
    [InlineData("000180", "there is no list")]
    [InlineData("0001c0", "the list has 0 items; there must be 8: comment, hash, rawSize, inputShape, outputShape, gas, author, blockNum")]
    [InlineData("0002c58080808080", "hash has 0 bytes; it needs 20|shape is a string; it must be a list of integers")]
    [InlineData("0002da81ff940102030405060708090a0b0c0d0e0f101112131400c080", "comment is not UTF-8|rawSize has leading zeros")]
    [InlineData("0002dac0940102030405060708090a0b0c0d0e0f1011121314c0c1c080",
        "comment is a list; it must be a string|rawSize is a list; it must be a string|shape holds a list; it must be a list of integers")]
    public void Every_wrong_field_is_named(string hex, string messages) =>
        Assert.Equal(messages.Split('|').Length,
            Refused.With(ChainCodes.AccountCode, () => AccountCodec.Decode(Convert.FromHexString(hex), "code"))
            .Zip(messages.Split('|'), (d, m) => { Assert.Contains(m, d.Message); return m; }).Count());

    [Fact]
    public void Integers_that_are_too_long_are_refused()
    {
        byte[] code = AccountCodec.Encode(s_input with { BlockNumber = System.Numerics.BigInteger.One << 300 });
        Assert.Contains("blockNum has 38 bytes", Refused.With(ChainCodes.AccountCode, () => AccountCodec.Decode(code, "code"))[0].Message);
        Assert.Contains("at most", Refused.With(ChainCodes.AccountCode, () => AccountCodec.Decode(new byte[2 << 20], "code"))[0].Message);
    }

    [Theory]
    [InlineData("{", "no JSON")]
    [InlineData("[]", "kind is missing")]
    [InlineData("""{"kind": "dog"}""", "kind must be")]
    [InlineData("""{"kind": "input", "hash": "0x00", "rawSize": 1, "shape": [1]}""", "hash has 1 byte")]
    [InlineData("""{"kind": "input", "hash": "0x0102030405060708090a0b0c0d0e0f1011121314", "rawSize": -1, "shape": [1]}""", "rawSize must hold whole numbers below 2^64")]
    [InlineData("""{"kind": "input", "hash": "0x0102030405060708090a0b0c0d0e0f1011121314", "rawSize": 18446744073709551616, "shape": [1]}""", "rawSize must hold whole numbers below 2^64")]
    [InlineData("""{"kind": "input", "hash": "0x0102030405060708090a0b0c0d0e0f1011121314", "rawSize": 1, "shape": [1.5]}""", "shape must hold whole numbers")]
    [InlineData("""{"kind": "input", "hash": "0x0102030405060708090a0b0c0d0e0f1011121314", "rawSize": 1, "shape": [1], "gas": 1}""", "there is no field 'gas'")]
    [InlineData("""{"kind": "input", "comment": "\ud800", "hash": "0x0102030405060708090a0b0c0d0e0f1011121314", "rawSize": 1, "shape": [1]}""", "no JSON")]
    public void Json_that_is_no_account_is_refused(string json, string message) =>
        Assert.Contains(
            message, Assert.Throws<CortexMl.Diagnostics.DiagnosticException>(() => AccountJson.Read(json, "json")).Diagnostics[0].Message);

    [Fact]
    public void Changed_codes_are_refused_or_mean_what_they_say()
    {
        byte[] code = AccountCodec.Encode(s_model);
        Gen.Select(Gen.Int[0, code.Length - 1], Gen.Byte, Gen.Int[0, code.Length]).Sample((at, value, length) =>
        {
            byte[] changed = [.. code[..length]];
            if (at < length) changed[at] = value;
            if (Refused.OrResult(() => AccountCodec.Decode(changed, "code")) is { } account)
                Assert.Equal(changed, AccountCodec.Encode(account));
        }, iter: 20_000);
    }
}

using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Cli;

/// <summary><c>chain calldata</c> and <c>chain decode</c> with the ABI of a contract.</summary>
public sealed class ContractCommandTests
{
    private const string Maker = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed";

    private static readonly string s_abi = Repository.Path("golden", "chain", "market.json");

    [Fact]
    public void A_named_function_is_called_and_recognised()
    {
        var call = CliRun.Of("chain", "calldata", "--abi", s_abi, "place", $$"""{"maker": "{{Maker}}", "amounts": [1, 2]}""");
        Assert.Equal(call.Output, CliRun.Of("chain", "calldata", "place((address,uint256[]))", $"[\"{Maker}\", [1, 2]]").Output);
        var decoded = CliRun.Of("chain", "decode", "--abi", s_abi, call.Output.Trim());
        Assert.Equal($$"""
            place((address,uint256[]))
            0 order (address,uint256[]) {"maker":"{{Maker}}","amounts":["1","2"]}

            """, decoded.Output, ignoreLineEndingDifferences: true);
        Assert.Equal(decoded.Output, CliRun.With(call.Output, "chain", "decode", "--abi", s_abi, "place", "-").Output);
    }

    [Fact]
    public void What_a_named_function_returned_is_decoded()
    {
        var run = CliRun.Of("chain", "decode", "--abi", s_abi, "place", $"0x{7:x64}{1:x64}", "--returns");
        Assert.Equal("place((address,uint256[]))\n0 id uint64 \"7\"\n1 bool true\n", run.Output);
    }

    [Fact]
    public void The_constructor_has_no_selector()
    {
        var run = CliRun.Of("chain", "calldata", "--abi", s_abi, "constructor", "255");
        Assert.Equal($"0x{255:x64}\n", run.Output);
        var decoded = CliRun.Of("chain", "decode", "--abi", s_abi, "constructor", run.Output.Trim());
        Assert.Equal("constructor(uint256)\n0 supply uint256 \"255\"\n", decoded.Output);
    }

    [Fact]
    public void A_log_is_decoded_from_JSON_or_from_topics()
    {
        const string Topic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";
        const string From = "0x0000000000000000000000005aaeb6053f3e94c9b9a09f33669435e7ef1beaed";
        const string To = "0x000000000000000000000000fb6916095ca1df60bb79ce92ce3ea74c37c5d359";
        var log = CliRun.Of("chain", "decode", "--abi", s_abi, "--log", Repository.Path("golden", "chain", "transfer-log.json"), "--json");
        Assert.Equal("""
            {
              "format": 1,
              "event": "Transfer(address,address,uint256)",
              "topic0": "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef",
              "values": [
                {
                  "name": "from",
                  "type": "address",
                  "indexed": true,
                  "value": "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
                },
                {
                  "name": "to",
                  "type": "address",
                  "indexed": true,
                  "value": "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359"
                },
                {
                  "name": "value",
                  "type": "uint256",
                  "indexed": false,
                  "value": "1000"
                }
              ]
            }

            """, log.Output, ignoreLineEndingDifferences: true);
        string[] topics = ["--topic", Topic, "--topic", From, "--topic", To];
        Assert.Equal(log.Output, CliRun.Of(["chain", "decode", "--abi", s_abi, .. topics, $"0x{1000:x64}", "--json"]).Output);
    }

    [Fact]
    public void An_anonymous_event_is_named_and_its_text_is_a_hash()
    {
        string hash = "0x" + new string('a', 64);
        var run = CliRun.Of("chain", "decode", "--abi", s_abi, "Noted", "--topic", hash, $"0x{7:x64}");
        Assert.Equal($"Noted(string,int8)\n0 text string keccak256 {hash}\n1 level int8 \"7\"\n", run.Output);
    }

    [Theory]
    [InlineData("0x4e487b710000000000000000000000000000000000000000000000000000000000000011",
        "Panic(uint256): arithmetic overflow or underflow\n0 code uint256 \"17\"\n")]
    [InlineData("0x08c379a0" + "0000000000000000000000000000000000000000000000000000000000000020"
        + "0000000000000000000000000000000000000000000000000000000000000002"
        + "6e6f000000000000000000000000000000000000000000000000000000000000",
        "Error(string)\n0 message string \"no\"\n")]
    public void A_revert_is_read_without_an_ABI(string data, string output) =>
        Assert.Equal(output, CliRun.Of("chain", "decode", "--revert", data).Output);

    [Fact]
    public void An_error_of_the_contract_is_recognised()
    {
        string data = CliRun.Of("chain", "calldata", "Unpaid(uint256)", "9").Output.Trim();
        Assert.Equal("Unpaid(uint256)\n0 missing uint256 \"9\"\n", CliRun.Of("chain", "decode", "--abi", s_abi, data, "--revert").Output);
    }

    [Theory]
    [InlineData("error CML1017: 'cancel' may be one of 2:\n  cancel(uint64)\n  cancel(uint64[])\n",
        "calldata", "--abi", "ABI", "cancel", "1")]
    [InlineData("help: did you mean 'cancel'?", "calldata", "--abi", "ABI", "cancle", "1")]
    [InlineData("error CML0940: place((address,uint256[])) takes 1 value; 0 are given", "calldata", "--abi", "ABI", "place")]
    [InlineData("error CML0101: ", "calldata", "--abi", "nowhere.json", "place", "1")]
    [InlineData("error CML1013: no function has the selector 0x12345678", "decode", "--abi", "ABI", "0x12345678")]
    [InlineData("error CML1013: the call data has 0 bytes", "decode", "--abi", "ABI", "0x")]
    [InlineData("error CML0940: a log needs --abi", "decode", "--log", "{}")]
    [InlineData("error CML0940: --returns needs the function", "decode", "--abi", "ABI", "0x", "--returns")]
    [InlineData("error CML0940: --returns, --log, --topic and --revert exclude one another", "decode", "0x", "--revert", "--returns")]
    [InlineData("error CML0940: the function's signature or the bytes are missing", "decode", "0x")]
    [InlineData("error CML1018: a log without topics", "decode", "--abi", "ABI", "--log", "{\"topics\": [], \"data\": \"0x\"}")]
    public void Mistakes_are_told(string expected, params string[] args)
    {
        var run = CliRun.Of(["chain", .. args.Select(a => a == "ABI" ? s_abi : a)]);
        Assert.Equal((2, ""), (run.Exit, run.Output));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_of_an_ABI_file_is_shown_with_its_place()
    {
        using var folder = new TemporaryFolder();
        const string Json = "[\n  {\"type\": \"function\"},\n  {\"name\": \"f\", \"inputs\": [{\"type\": \"uint3\"}]}\n]\n";
        string file = folder.Write("bad.json", Json);
        var run = CliRun.Of("chain", "calldata", "--abi", file, "f", "1");
        Assert.Equal(2, run.Exit);
        Assert.Equal("""
            error CML1015: 'name' is missing
              --> bad.json:2:3
            error CML1015: type 'uint3': there is no type 'uint3', at character 6
              --> bad.json:3:37

            """, run.Error, ignoreLineEndingDifferences: true);
    }
}

using System.Text;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>Logs, reverts and named tuples, by a contract's ABI.</summary>
public sealed class ContractDataTests
{
    private const string TransferTopic = "0xddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef";

    private const string Events = """
        [{"type": "event", "name": "Transfer", "inputs": [{"name": "from", "type": "address", "indexed": true},
           {"name": "to", "type": "address", "indexed": true}, {"name": "value", "type": "uint256"}]},
         {"type": "event", "name": "Transfer", "inputs": [{"name": "from", "type": "address", "indexed": true},
           {"name": "to", "type": "address", "indexed": true}, {"name": "id", "type": "uint256", "indexed": true}]},
         {"type": "event", "name": "Named", "inputs": [{"name": "n", "type": "string", "indexed": true}, {"name": "m", "type": "string"}]},
         {"type": "event", "name": "Hidden", "anonymous": true, "inputs": [{"name": "k", "type": "bool", "indexed": true}]}]
        """;

    private static readonly string s_one = Word(1), s_two = Word(2), s_three = Word(3);

    [Fact]
    public void An_event_is_found_by_its_topic_and_by_how_many_there_are()
    {
        var log = EventLog.Of([TransferTopic, s_one, s_two], Hex.Parse(s_three, "data"));
        string[] expected = ["from 0x0000000000000000000000000000000000000001", "to 0x0000000000000000000000000000000000000002", "value 3"];
        Assert.Equal(expected, Decoded(log));
        var indexed = EventLog.Of([TransferTopic, s_one, s_two, s_three], []);
        Assert.Equal("id 3", Decoded(indexed)[2]);
    }

    [Fact]
    public void An_indexed_text_is_its_hash()
    {
        string topic = Hex.Of(FunctionSignature.Parse("Named(string,string)").Hash), hash = "0x" + new string('a', 64);
        var log = EventLog.Of([topic, hash], AbiCodec.Encode([new AbiString()], ["m"]));
        Assert.Equal(["n hash " + hash, "m m"], Decoded(log));
    }

    [Fact]
    public void An_anonymous_event_has_to_be_named()
    {
        var log = EventLog.Of([s_one], []);
        string expected = $"error CML1018: no event has the topic {s_one}\n  --> a.json\n  help: name an anonymous event: Hidden(bool)";
        Assert.Equal(expected, Assert.Throws<DiagnosticException>(() => Read(Events).Logged(log)).Message);
        Assert.True((bool)log.Decode(Read(Events).Event("Hidden"), new DiagnosticBag())[0].Value!);
    }

    [Theory]
    [InlineData("Named", new[] { TransferTopic }, "the first topic is 0xddf252ad")]
    [InlineData("Hidden", new string[0], "the log has 0 topics; Hidden(bool) needs 1")]
    [InlineData("Hidden", new[] { "0x01" }, "topic 0 has 1 byte; a topic has 32")]
    [InlineData("Hidden", new[] { "0x", "0x", "0x", "0x", "0x" }, "5 topics; a log has at most 4")]
    public void A_log_that_does_not_fit_is_refused(string name, string[] topics, string message)
    {
        var entry = Read(Events).Event(name);
        var found = Refused.With(ChainCodes.EventLog, () => EventLog.Of(topics, []).Decode(entry, new DiagnosticBag()));
        Assert.StartsWith(message, found[0].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_out_of_range_names_the_topic() => Assert.StartsWith("topic 0: a bool that is neither 0 nor 1", Refused.With(
        ChainCodes.AbiData, () => EventLog.Of([s_two], []).Decode(Read(Events).Event("Hidden"), new DiagnosticBag()))[0].Message);

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"topics": []}""")]
    [InlineData("""{"topics": [1], "data": "0x"}""")]
    [InlineData("""{"topics": ["\ud800"], "data": "0x"}""")]
    public void JSON_that_is_no_log_is_refused(string json) => Refused.With(ChainCodes.EventLog, () => EventLog.Parse(json));

    [Theory]
    [InlineData(0x11, "arithmetic overflow or underflow")]
    [InlineData(0x12, "division by zero")]
    [InlineData(0x99, "a code that compilers do not use")]
    [InlineData(0x1234, "a code that compilers do not use")]
    public void A_panic_says_what_its_code_means(int code, string meaning)
    {
        byte[] data = Hex.Parse("0x4e487b71" + Word(code)[2..], "data");
        var error = RevertData.Standard.Reverted(data);
        Assert.Equal(meaning, RevertData.Meaning(error, CallData.Decode(error.Signature, data, new DiagnosticBag())));
    }

    [Fact]
    public void A_reason_is_read_without_any_ABI()
    {
        // Solidity's documentation: revert("Not enough Ether provided.")
        const string Reason = "4e6f7420656e6f7567682045746865722070726f76696465642e000000000000";
        byte[] data = Hex.Parse("0x08c379a0" + Word(0x20)[2..] + Word(0x1a)[2..] + Reason, "data");
        var error = RevertData.Standard.Reverted(data);
        Assert.Equal("Error(string)", error.Signature.Canonical);
        Assert.Equal(["Not enough Ether provided."], CallData.Decode(error.Signature, data, new DiagnosticBag()));
        Assert.Null(RevertData.Meaning(error, ["Not enough Ether provided."]));
    }

    [Theory]
    [InlineData("0x", "the revert data has 0 bytes; a selector has 4")]
    [InlineData("0x12345678", "no error has the selector 0x12345678")]
    public void Another_error_is_refused(string data, string message) =>
        Assert.Equal(message, Refused.With(ChainCodes.Selector, () => RevertData.Standard.Reverted(Hex.Parse(data, "data")))[0].Message);

    [Fact]
    public void Data_of_an_error_is_no_call_and_says_so()
    {
        var abi = Read("""[{"type": "error", "name": "Broke", "inputs": []}]""");
        byte[] data = abi.Error("Broke").Signature.Selector;
        var found = Refused.With(ChainCodes.Selector, () => abi.Called(data));
        Assert.Equal("these are the bytes of the error Broke(): pass --revert", found[0].Hint);
        Assert.Equal("Broke()", abi.Reverted(data).Signature.Canonical);
    }

    [Fact]
    public void A_tuple_with_names_is_an_object_or_a_list()
    {
        var type = new AbiTuple([new AbiInteger(8, false), new AbiBool()]) { Names = ["size", "isOpen"] };
        object read = AbiJson.ReadArgument("""{"isOpen": true, "size": 7}""", type);
        Assert.Equal("""{"size":"7","isOpen":true}""", AbiJson.Write(read, type).ToJsonString());
        Assert.Equal("""{"size":"7","isOpen":true}""", AbiJson.Write(AbiJson.ReadArgument("[7, true]", type), type).ToJsonString());
    }

    [Theory]
    [InlineData("""{"size": 7}""", "'isOpen' of (uint8,bool) is missing", "its members are size, isOpen")]
    [InlineData("""{"size": 7, "isOpn": true}""", "(uint8,bool) has no member 'isOpn'", "did you mean 'isOpen'?")]
    [InlineData("""{"size": 7, "size": 7}""", "'size' of (uint8,bool) is given twice", "its members are size, isOpen")]
    public void Members_that_do_not_fit_are_refused(string json, string message, string hint)
    {
        var type = new AbiTuple([new AbiInteger(8, false), new AbiBool()]) { Names = ["size", "isOpen"] };
        var found = Refused.With(ChainCodes.AbiValue, () => AbiJson.ReadArgument(json, type))[0];
        Assert.Equal((message, hint), (found.Message, found.Hint));
    }

    private static string[] Decoded(EventLog log)
    {
        var values = log.Decode(Read(Events).Logged(log), new DiagnosticBag());
        return [.. values.Select(v => $"{v.Parameter.Name} {(v.Hash is null ? v.Value : "hash " + Hex.Of(v.Hash))}")];
    }

    private static ContractAbi Read(string json) => ContractAbi.Read(Encoding.UTF8.GetBytes(json), "a.json", new DiagnosticBag());

    private static string Word(int number) => $"0x{number:x64}";
}

using System.Text;
using CortexMl.Chain;
using CortexMl.Chain.Abi;
using CortexMl.Chain.Contracts;
using CortexMl.Diagnostics;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>The JSON ABI of a contract: what is read, found and refused.</summary>
public sealed class ContractAbiTests
{
    private const string Overloaded = """
        [{"type": "function", "name": "store", "inputs": [{"name": "a", "type": "uint8"}]},
         {"type": "function", "name": "store", "inputs": [{"name": "a", "type": "uint256"}]},
         {"type": "function", "name": "load"}]
        """;

    [Theory]
    [InlineData("""[{"type": "function", "name": "transfer", "inputs": [{"name": "", "type": "address"}, {"type": "uint256"}]}]""")]
    [InlineData("""[{"name": "transfer", "inputs": [{"type": "address"}, {"type": "uint"}], "constant": false, "payable": false}]""")]
    [InlineData("""{"a": [[{"abi": []}]], "n": 1, "abi": [{"name": "transfer", "inputs": [{"type": "address"}, {"type": "uint"}]}]}""")]
    public void A_list_and_an_artefact_are_read(string json) =>
        Assert.Equal("0xa9059cbb", Hex.Of(Read(json).Function("transfer").Signature.Selector));

    [Fact]
    public void A_byte_order_mark_in_front_is_no_mistake() =>
        Assert.Empty(ContractAbi.Read([.. Encoding.UTF8.Preamble, .. "[]"u8], "a.json", new DiagnosticBag()).Entries);

    [Fact]
    public void Components_become_tuples_in_nested_arrays()
    {
        var function = Read("""
            [{"type": "function", "name": "f", "inputs": [{"name": "o", "type": "tuple[2][]", "components": [
              {"name": "a", "type": "uint8"}, {"name": "b", "type": "tuple", "components": [{"name": "", "type": "bytes"}]}]}]}]
            """).Function("f");
        Assert.Equal("f((uint8,(bytes))[2][])", function.Signature.Canonical);
        var outer = Assert.IsType<AbiTuple>(Assert.IsType<AbiArray>(Assert.IsType<AbiArray>(function.Inputs[0].Type).Element).Element);
        Assert.Equal(["a", "b"], outer.Names);
        Assert.Empty(Assert.IsType<AbiTuple>(outer.Components[1]).Names);
    }

    [Theory]
    [InlineData("load", "load()")]
    [InlineData("store(uint8)", "store(uint8)")]
    [InlineData("function store(uint a)", "store(uint256)")]
    public void A_function_is_found_by_name_or_signature(string given, string found) =>
        Assert.Equal(found, Read(Overloaded).Function(given).Signature.Canonical);

    [Fact]
    public void An_overloaded_name_lists_the_candidates() => Assert.Equal(
        "error CML1017: 'store' may be one of 2:\n  store(uint8)\n  store(uint256)\n  --> a.json\n"
        + "  help: give the full signature of the one that is meant",
        Message(() => Read(Overloaded).Function("store")));

    [Theory]
    [InlineData("laod", "did you mean 'load'?")]
    [InlineData("load(bool)", "known: load()")]
    [InlineData("x", "known: store(uint8), store(uint256), load()")]
    [InlineData("constructor", "known: store(uint8), store(uint256), load()")]
    public void An_unknown_name_is_told_the_nearest(string given, string hint) => Assert.Equal(
        $"error CML1017: there is no function '{given}'\n  --> a.json\n  help: {hint}", Message(() => Read(Overloaded).Function(given)));

    [Theory]
    [InlineData("[{\"name\": \"f\"}", "a.json:1:15", "no JSON: Expected depth to be zero")]
    [InlineData("[]]", "a.json:1:3", "no JSON: ']' is invalid after a single JSON value")]
    public void A_text_that_is_no_JSON_has_its_place(string json, string place, string message)
    {
        var found = Assert.Single(Refused.With(ChainCodes.ContractAbi, () => Read(json)));
        Assert.Equal(place, found.Location!.ToString());
        Assert.StartsWith(message, found.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("7", "a.json:1:1", "the ABI of a contract is a list of entries")]
    [InlineData("{\"abi\": {}}", "a.json:1:9", "'abi' must be a list of entries")]
    [InlineData("{\"abi\": [],\n \"abi\": []}", "a.json:2:2", "'abi' stands twice")]
    [InlineData("{\"contracts\": {}}", "a.json:1:1", "there is no member 'abi'")]
    [InlineData("[\"function f()\"]", "a.json:1:2", "an entry is an object, not the text 'function f()'")]
    [InlineData("[{\"type\": \"fnction\", \"name\": \"f\"}]", "a.json:1:11", "there is no entry of type 'fnction'")]
    [InlineData("[{\"type\": \"function\"}]", "a.json:1:2", "'name' is missing")]
    [InlineData("[{\"name\": \"f g\"}]", "a.json:1:11", "'f g' is no name")]
    [InlineData("[{\"name\": \"f\", \"name\": \"g\"}]", "a.json:1:24", "'name' stands twice")]
    [InlineData("[{\"name\": \"f\", \"inputs\": 3}]", "a.json:1:26", "'inputs' must be a list, not the number 3")]
    [InlineData("[{\"name\": \"f\", \"inputs\": [\"uint8\"]}]", "a.json:1:27", "a parameter is an object, not the text 'uint8'")]
    [InlineData("[{\"name\": \"f\", \"inputs\": [{\"type\": \"uint7\"}]}]", "a.json:1:36",
        "type 'uint7': there is no type 'uint7', at character 6")]
    [InlineData("[{\"name\": \"f\", \"inputs\": [{\"type\": \"(uint8)\"}]}]", "a.json:1:36", "there is no type '(uint8)'")]
    [InlineData("[{\"name\": \"f\", \"inputs\": [{\"type\": \"uint8[\"}]}]", "a.json:1:36", "type 'uint8[': expected ']', at character 7")]
    [InlineData("[{\"name\": \"f\", \"inputs\": [{\"type\": \"tuple\"}]}]", "a.json:1:27", "a tuple without 'components'")]
    [InlineData("[{\"name\": \"f\", \"inputs\": [{\"type\": \"bool\", \"indexed\": true}]}]", "a.json:1:55",
        "only parameters of events are indexed")]
    [InlineData("[{\"type\": \"event\", \"name\": \"e\", \"anonymous\": 1}]", "a.json:1:46",
        "'anonymous' must be true or false, not the number 1")]
    [InlineData("[{\"name\": \"f\"}, {\"name\": \"f\", \"outputs\": [{\"type\": \"bool\"}]}]", "a.json:1:17",
        "f() stands twice, returning () and (bool)")]
    [InlineData("[{\"type\": \"constructor\"}, {\"type\": \"constructor\"}]", "a.json:1:27", "a second constructor")]
    [InlineData("[{\"name\": \"\\ud800\"}]", "a.json:1:11", "a text is not UTF-8, or holds half of a surrogate pair")]
    public void A_mistake_in_the_file_has_its_place(string json, string place, string message)
    {
        var found = Assert.Single(Refused.With(ChainCodes.ContractAbi, () => Read(json)));
        Assert.Equal((place, message), (found.Location!.ToString(), found.Message));
    }

    [Fact]
    public void All_mistakes_are_shown_at_once()
    {
        var found = Refused.With(ChainCodes.ContractAbi, () => Read("""
            [{"name": "good", "inputs": [{"name": "x", "type": "uint8"}]},
             {"type": "", "name": "f"},
             {"name": "f", "inputs": [{"name": 7, "type": "bool"}, {"type": "bytes33"}]},
             {"type": "error", "inputs": [{"type": "uint"}, {"type": "int9"}]}]
            """));
        Assert.Equal(["a.json:2:11", "a.json:3:36", "a.json:3:65", "a.json:4:2", "a.json:4:58"], found.Select(d => d.Location!.ToString()));
    }

    [Fact]
    public void What_only_other_compilers_encode_is_left_out_with_a_note()
    {
        var notes = new DiagnosticBag();
        var abi = ContractAbi.Read(Encoding.UTF8.GetBytes("""
            [{"name": "f", "inputs": [{"type": "function"}]}, {"name": "g", "inputs": [{"type": "ufixed128x18[]"}]},
             {"name": "h", "inputs": [{"type": "Lib.Data storage"}]}, {"name": "i", "inputs": [{"type": "bool"}]}]
            """), "a.json", notes);
        Assert.Equal("i(bool)", Assert.Single(abi.Entries).Signature.Canonical);
        string[] types = ["type 'function'", "type 'ufixed128x18[]'", "type 'Lib.Data storage'"];
        Assert.Equal(types, notes.Items.Select(n => n.Message.Split(" is not")[0]));
        Assert.All(notes.Items, n => Assert.Equal((ChainCodes.UnsupportedEntry, Severity.Note), (n.Code, n.Severity)));
    }

    [Fact]
    public void Sizes_are_bounded()
    {
        const string Bool = """{"type": "bool"}""";
        static string Nested(int depth) => depth == 0 ? Bool : $$"""{"type": "tuple", "components": [{{Nested(depth - 1)}}]}""";
        static string Function(string inputs) => $$"""[{"name": "f", "inputs": [{{inputs}}]}]""";
        static string Many(string item, int count) => string.Join(',', Enumerable.Repeat(item, count));
        Assert.Single(Read(Function(Nested(31))).Entries);
        Assert.Contains("components nest deeper than 32", Message(() => Read(Function(Nested(32)))));
        Assert.Contains("an entry has more than 1000 parameters", Message(() => Read(Function(Many(Bool, 1001)))));
        Assert.Contains("5001 entries; a contract has at most 5000", Message(() => Read($"[{Many("{}", 5001)}]")));
        Assert.Contains("the list has more than 100000 values", Message(() => Read($"[{Many("1", 100_000)}]")));
        Assert.Contains("no JSON: The maximum configured depth of 1024 has been exceeded", Message(() => Read(new string('[', 100_000))));
    }

    private static ContractAbi Read(string json) => ContractAbi.Read(Encoding.UTF8.GetBytes(json), "a.json", new DiagnosticBag());

    private static string Message(Func<object?> action) => Assert.Throws<DiagnosticException>(action).Message;
}

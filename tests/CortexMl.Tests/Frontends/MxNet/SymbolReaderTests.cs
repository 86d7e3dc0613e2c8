using CortexMl.Diagnostics;
using CortexMl.Frontends;
using CortexMl.Frontends.MxNet;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Ir;
using Xunit;
using static CortexMl.Tests.Frontends.MxNet.SymbolText;

namespace CortexMl.Tests.Frontends.MxNet;

public class SymbolReaderTests
{
    [Theory]
    [InlineData("""{"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "Activation", "name": "a", "attrs": {"act_type": "relu"}, "inputs": [[0, 0, 0]]}], "heads": [[1, 0, 0]], "attrs": {"mxnet_version": ["int", 10600]}}""")]
    [InlineData("""{"nodes": [{"op": "null", "name": "data", "inputs": []}, {"op": "Activation", "name": "a", "attr": {"act_type": "relu"}, "inputs": [[0, 0, 0]]}], "heads": [[1, 0, 0]], "attrs": {"mxnet_version": ["int", 901]}}""")]
    [InlineData("""{"nodes": [{"op": "null", "param": {}, "name": "data", "inputs": [], "backward_source_id": -1}, {"op": "Activation", "param": {"act_type": "relu"}, "name": "a", "inputs": [[0, 0]], "backward_source_id": -1, "attr": {"ctx_group": "stage1"}}], "heads": [[1, 0]]}""")]
    [InlineData("""{"heads": [[1, 0]], "arg_nodes": [0], "nodes": [{"inputs": [], "name": "data", "op": "null", "attrs": null}, {"inputs": [[0, 0]], "attrs": {"act_type": "relu"}, "name": "a", "op": "Activation"}]}""")]
    public void Every_spelling_gives_the_same_network(string json)
    {
        var symbol = SymbolReader.Read(Bytes(json), "x-symbol.json");
        Assert.Equal(["data", "a"], symbol.Nodes.Select(n => n.Name));
        Assert.Equal("relu", symbol.Nodes[1].Attributes["act_type"]);
        Assert.Equal(new SymbolEntry(0, 0), Assert.Single(symbol.Nodes[1].Inputs));
        Assert.Equal(new SymbolEntry(1, 0), Assert.Single(symbol.Heads));
        Assert.Equal("nn.relu", Assert.Single(Import(Bytes(json), null, ("data", [1, 3])).Operations).Spec.Name);
    }

    [Fact]
    public void An_operators_parameters_win_over_the_users_attributes()
    {
        var symbol = SymbolReader.Read("""{"nodes": [{"op": "x", "name": "a", "attr": {"k": "user", "u": "1"}, "param": {"k": "operator"}, "inputs": []}], "heads": [[0, 0]]}"""u8, "x");
        Assert.Equal(["operator", "1"], new[] { "k", "u" }.Select(k => symbol.Nodes[0].Attributes[k]));
    }

    [Fact]
    public void Nodes_know_their_line_and_column()
    {
        var symbol = SymbolReader.Read(
            "{\"nodes\": [\n  {\"op\": \"null\", \"name\": \"data\", \"inputs\": []}\n], \"heads\": [[0, 0]]}"u8, "x-symbol.json");
        Assert.Equal(new SourceLocation("x-symbol.json", 2, 3) { Nodes = ["data"] }, symbol.Nodes[0].Location);
    }

    [Theory]
    [InlineData("{\"nodes\": [", "not valid JSON", 1, 12)]
    [InlineData("""{"nodes": {}}""", "nodes: expected StartArray, found StartObject", 1, 11)]
    [InlineData("""{"nodes": [{"op": "null"}], "heads": [[0, 0]]}""", "node 0 has no 'name'", 1, 25)]
    [InlineData("""{"nodes": [{"op": "null", "name": "a", "inputs": [[0, 0]]}], "heads": [[0, 0]]}""", "node 0 takes output 0 of node 0; only nodes before it (0..-1) are allowed", 1, 12)]
    [InlineData("""{"nodes": [{"op": "null", "name": "a", "inputs": []}], "heads": [[1, 0]]}""",
        "'heads' names output 0 of node 1; there is 1 node", 1, 56)]
    [InlineData("""{"nodes": [{"op": "null", "name": "a", "inputs": []}, {"op": "null", "name": "b", "inputs": []}], "heads": [[2, 0]]}""",
        "'heads' names output 0 of node 2; there are 2 nodes", 1, 99)]
    [InlineData("""{"nodes": [{"op": "null", "name": "a", "inputs": []}], "heads": []}""", "'heads' is empty", 1, 56)]
    [InlineData("""{"nodes": [{"op": "null", "name": "a", "attrs": {"k": []}, "inputs": []}], "heads": [[0, 0]]}""", "attributes of node 0: 'k' is no text", 1, 55)]
    [InlineData("""{"nodes": [], "heads": [[0, 0]]} {""", "text follows the end of the symbol", 1, 34)]
    public void Broken_symbols_are_located(string json, string message, int line, int column)
    {
        var found = Assert.Single(Fails(() => SymbolReader.Read(Bytes(json), "x-symbol.json")));
        Assert.Equal(FrontendCodes.ModelMalformed, found.Code);
        Assert.Contains(message, found.Message);
        Assert.Equal((line, column), (found.Location!.Line, found.Location.Column));
    }

    [Fact]
    public void Another_kind_of_file_is_named()
    {
        Assert.Contains("an MXNet parameter file, not a symbol",
            Fails(() => SymbolReader.Read(new ParamsBytes().Build(), "x-symbol.json"))[0].Message);
        Assert.Contains("a CVM symbol", Fails(() => SymbolReader.Read("""{"nodes": [{"op": "cvm_op"}]}"""u8, "symbol"))[0].Message);
        Assert.Contains("it has no 'nodes'", Fails(() => SymbolReader.Read("""{"version": 1}"""u8, "package.json"))[0].Message);
        Assert.All([Fails(() => SymbolReader.Read(new ParamsBytes().Build(), "x"))[0], Fails(() => SymbolReader.Read("{}"u8, "x"))[0]],
            d => Assert.Equal(FrontendCodes.WrongFile, d.Code));
    }

    [Fact]
    public void Deep_nesting_is_refused_not_followed()
    {
        byte[] deep = Bytes("{\"nodes\": " + new string('[', 100000));
        Assert.Equal(FrontendCodes.ModelMalformed, Fails(() => SymbolReader.Read(deep, "x"))[0].Code);
    }

    [Fact]
    public void A_missing_file_is_a_diagnostic() =>
        Assert.Equal("CML0101", Fails(() => MxNetImporter.Import("no-such-symbol.json", null))[0].Code);
}

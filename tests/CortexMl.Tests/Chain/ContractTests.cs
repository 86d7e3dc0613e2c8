using System.Text.Json;
using CortexMl.Chain;
using CortexMl.Chain.Solidity;
using CortexMl.Chain.Words;
using CortexMl.ChainCheck;
using CortexMl.Chaining;
using CortexMl.Running;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Chain;

public sealed class ContractTests
{
    [Fact]
    public void Array_lengths_and_decoding_are_those_of_the_model()
    {
        using var narrow = new EchoModel(8, "", [1, 33]);
        string contract = ContractWriter.Write(narrow.Cvm, new ContractOptions("Digits", "0x1234", [2.5]));
        Assert.StartsWith("pragma solidity ^0.4.22;\n", contract);
        Assert.Contains("// Info hash: 0x1234\n// Input:  int8[33], 2 words\n// Output: int8[33], 2 words\ncontract Digits {\n", contract);
        Assert.Contains("require(inputData.length == 2);", contract);
        Assert.Contains("uint256[] memory output = new uint256[](2);\n        inferArray(model, input_data, output);", contract);
        Assert.Contains("the network's own output is about score / 2.5.", contract);
        Assert.Contains("int256(int8(uint8(word >> (8 * (31 - position)))))", contract);
        Assert.DoesNotContain('\r', contract);
        using var wide = new EchoModel(9, "", [1, 33]);
        Assert.Contains(
            "int256(int32(uint32(word >> (32 * (7 - position)))))", ContractWriter.Write(wide.Cvm, new ContractOptions("Digits")));
    }

    [Fact]
    public void Only_a_classifier_has_a_class()
    {
        using var rows = new EchoModel(8, "", [2, 3]);
        Assert.DoesNotContain("currentInferResult", ContractWriter.Write(rows.Cvm, new ContractOptions("Rows")));
        using var classes = new EchoModel(8, "argmax", [1, 3]);
        Assert.Contains(
            "currentInferResult = uint256(decode(output[0], 0));", ContractWriter.Write(classes.Cvm, new ContractOptions("Classes")));
    }

    [Theory]
    [InlineData("")]
    [InlineData("9a")]
    [InlineData("a b")]
    [InlineData("contract")]
    [InlineData("uint256")]
    [InlineData("infer")]
    [InlineData("A{}")]
    public void A_name_must_be_one_in_solidity(string name)
    {
        using var model = new EchoModel(8, "", [1, 3]);
        Refused.With(ChainCodes.Identifier, () => ContractWriter.Write(model.Cvm, new ContractOptions(name)));
    }

    /// <summary>Precision, post-processing, first output (and input), second output.</summary>
    public static TheoryData<int, string, int[], int[]?> Models => new()
    {
        { 8, "", [1, 10], null },
        { 8, "", [1, 40], null },
        { 16, "", [1, 10], null },
        { 16, "", [1, 3, 5], null },
        { 8, "argmax", [1, 12], null },
        { 8, "", [4, 3], [4, 2] },
    };

    [SkippableTheory]
    [MemberData(nameof(Models))]
    public void Contract_compiles_and_decodes_as_chain_output_does(int precision, string postprocess, int[] first, int[]? second)
    {
        var node = new NodeScript(Repository.Path("tools", "chain"));
        Skip.If(node.Problem() is not null, node.Problem());
        using var model = second is null
            ? new EchoModel(precision, postprocess, first)
            : new EchoModel(precision, postprocess, first, second);
        byte[] words = new byte[InputWords.Count(model.Cvm) * 32];
        for (int i = 0; i < words.Length; i++) words[i] = (byte)(precision > 8 ? i % 4 < 2 ? i % 8 < 4 ? 0 : 0xff : i * 83 : i * 83);
        var result = Simulation.Run(model.Model, words, null, new RunOptions());
        var answer = ChainAnswer.Of(model.Model, result.Output, []);
        int[] expected = [.. Interleaved(answer)];
        var ran = JsonDocument.Parse(node.Run(
            [JsonSerializer.Serialize(new
            {
                name = "Check", source = ContractWriter.Write(model.Cvm, new ContractOptions("Check")), scores = expected.Length,
                setInput = Hex.Of(ChainInput.ToCallData(ChainInput.SetInput, words)), output = List(result.Output),
            })],
            "solidity.mjs")[0]).RootElement;
        Assert.False(ran.TryGetProperty("errors", out var errors), errors.ToString());
        Assert.Equal(expected, ran.GetProperty("scores").EnumerateArray().Select(s => s.GetInt32()));
        Assert.Equal(answer.Class, ran.GetProperty("class").ValueKind == JsonValueKind.Null ? null : ran.GetProperty("class").GetInt32());
        Assert.Equal(List(words), ran.GetProperty("stored").EnumerateArray().Select(s => s.GetString()));
    }

    /// <summary>The numbers in the order in which the words hold them.</summary>
    private static IEnumerable<int> Interleaved(ChainAnswer answer) => answer.Outputs.Count == 1 ? answer.Outputs[0].Integers
        : Enumerable.Range(0, answer.Outputs[0].Shape[0])
            .SelectMany(row => answer.Outputs.SelectMany(o => o.Integers.Skip(row * o.Shape[^1]).Take(o.Shape[^1])));

    private static string[] List(byte[] words) => [.. words.Chunk(32).Select(word => Hex.Of(word))];
}

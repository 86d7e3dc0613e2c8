using CortexMl.ChainCheck;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Chain;

/// <summary>The contract ABI and RLP against npm's ethers.</summary>
public sealed class EthersTests
{
    [Fact]
    public void Recorded_cases_of_ethers_agree_in_both_directions()
    {
        string[] lines = File.ReadAllLines(Repository.Path("golden", "chain", "ethers.jsonl"));
        Assert.Equal(300, lines.Length);
        Assert.All(lines, line => Assert.Null(ChainCase.Difference(line)));
    }

    [Fact]
    public void A_changed_case_is_noticed() =>
        Assert.Equal("encoded as 0x" + new string('0', 63) + "8", ChainCase.Difference($$"""{"types": ["uint8"], "values": ["8"], "encoded": "0x{{new string('0', 63)}}7"}"""));

    [Fact]
    public void Recorded_contracts_of_ethers_agree_by_their_ABI()
    {
        string[] lines = File.ReadAllLines(Repository.Path("golden", "chain", "contracts.jsonl"));
        Assert.Equal(40, lines.Length);
        Assert.All(lines, line => Assert.Empty(ContractCase.Differences(line)));
    }

    [Fact]
    public void A_changed_contract_is_noticed()
    {
        string line = File.ReadLines(Repository.Path("golden", "chain", "contracts.jsonl"))
            .First(l => l.Contains("\"values\":[true]", StringComparison.Ordinal));
        Assert.NotEmpty(ContractCase.Differences(line.Replace("\"values\":[true]", "\"values\":[false]", StringComparison.Ordinal)));
    }

    [SkippableFact]
    public void Five_hundred_random_contracts_agree_with_ethers()
    {
        var node = new NodeScript(Repository.Path("tools", "chain"));
        Skip.If(node.Problem() is not null, node.Problem());
        var result = EthersCheck.Contracts(node, 500, seed: 2026);
        Assert.Empty(result.Differences);
        Assert.Equal(500, result.Cases);
    }

    [SkippableFact]
    public void Ten_thousand_random_cases_agree_with_ethers()
    {
        var node = new NodeScript(Repository.Path("tools", "chain"));
        Skip.If(node.Problem() is not null, node.Problem());
        var result = EthersCheck.Run(node, 10_000, seed: 2026);
        Assert.Empty(result.Differences);
        Assert.Equal(10_000, result.Cases);
    }
}

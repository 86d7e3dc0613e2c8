using System.Text.Json;

namespace CortexMl.ChainCheck;

/// <summary>How often we and ethers agree.</summary>
/// <param name="Differences">The first of the cases on which we do not.</param>
public sealed record EthersResult(int Cases, IReadOnlyList<string> Differences);

/// <summary>Compares the contract ABI and RLP with npm's ethers: its cases read and written by us, ours read and written by it.</summary>
public static class EthersCheck
{
    private const int Shown = 3;

    /// <param name="cases">Half of them made by ethers, half by us.</param>
    public static EthersResult Run(NodeScript node, int cases, int seed)
    {
        int theirs = cases / 2, ours = cases - theirs;
        var differences = new List<string>();
        var made = node.Run([], "ethers.mjs", "write", Text(theirs), Text(seed));
        if (made.Count != theirs) differences.Add($"ethers made {made.Count} cases of {theirs}");
        foreach (string line in made)
            if (ChainCase.Difference(line) is { } difference) differences.Add($"{line}\n  {difference}");
        var read = JsonDocument.Parse(node.Run(new RandomCases(seed).Lines(ours), "ethers.mjs", "read")[^1]).RootElement;
        differences.AddRange(read.GetProperty("disagreed").EnumerateArray()
            .Select(line => "read differently by ethers: " + line.GetString()));
        return new(made.Count + read.GetProperty("agreed").GetInt32(), [.. differences.Take(Shown)]);
    }

    /// <param name="contracts">Random contracts, each with calls, results, logs and reverts.</param>
    public static EthersResult Contracts(NodeScript node, int contracts, int seed)
    {
        var made = node.Run([], "contracts.mjs", Text(contracts), Text(seed));
        var differences = made.SelectMany(line => ContractCase.Differences(line).Select(difference => $"{line}\n  {difference}"));
        return new(made.Count, [.. differences.Take(Shown)]);
    }

    private static string Text(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

namespace CortexMl.Chain.Solidity;

/// <summary>What a contract is written for.</summary>
/// <param name="Name">Of the contract: a Solidity identifier.</param>
/// <param name="InfoHash">Named in a comment; null leaves it out.</param>
/// <param name="OutputScales">score / scale ≈ the network's real output, for a comment; empty where unknown.</param>
public sealed record ContractOptions(
    string Name, string? InfoHash = null, IReadOnlyList<double>? OutputScales = null)
{
    /// <summary>What makes the network's output of the reals of the only output, for a comment; null where they are that.</summary>
    public string? LastStep { get; init; }
}

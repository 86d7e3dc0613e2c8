namespace CortexMl.Verifying;

/// <summary>Whether all engines give the same numbers; the JSON of <c>cortexml verify</c>.</summary>
public sealed record Verification(string Model, int Samples, IReadOnlyList<EngineVerdict> Engines)
{
    /// <summary>What was done to the data, as the command line spells it; null for inputs made from a seed.</summary>
    public string? Preparation { get; init; }

    public bool Agrees => Engines.All(e => e.Difference is null);
}

/// <summary>What one engine did, compared with the first one of the list.</summary>
/// <param name="Threads">Threads that shared the work of a sample.</param>
/// <param name="Values">Values that were compared per sample: fast engines show those at the ends of fused groups.</param>
/// <param name="Difference">The first value, in the graph's order, that differs; null where all agree.</param>
/// <param name="Digest">SHA-256 of all outputs of all samples as little-endian int32, to compare two machines by eye.</param>
public sealed record EngineVerdict(string Engine, int Threads, int Values, string? Difference, string Digest);

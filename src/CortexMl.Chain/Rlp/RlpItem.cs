namespace CortexMl.Chain.Rlp;

/// <summary>One item of Ethereum's recursive length prefix encoding: bytes or a list.</summary>
public abstract record RlpItem;

/// <summary>A byte string; integers are big-endian without leading zeros, 0 is the empty string.</summary>
public sealed record RlpBytes(ReadOnlyMemory<byte> Value) : RlpItem;

public sealed record RlpList(IReadOnlyList<RlpItem> Items) : RlpItem;

namespace CortexMl.Text;

/// <summary>What the parser works with besides the text.</summary>
public sealed record ParseOptions
{
    public static ParseOptions Default { get; } = new();

    /// <summary>Finds <c>file("…")</c> and <c>dense&lt;sha256:…&gt;</c>; null where a text may name neither.</summary>
    public ITensorResolver? Resolver { get; init; }

    /// <summary>Bytes that all constants of the text together may take; checked before they are allocated.</summary>
    public long MaxMemory { get; init; } = 8L << 30;

    /// <summary>Whether each graph must be legal at its level. A dump of a broken graph is read without.</summary>
    public bool Verify { get; init; } = true;
}

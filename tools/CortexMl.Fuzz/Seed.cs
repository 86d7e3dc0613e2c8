namespace CortexMl.Fuzz;

/// <summary>A valid file from which broken ones are made.</summary>
/// <param name="Name">File name, the extension included: readers go by it.</param>
/// <param name="Companion">The file that is read together with it and stays whole: params for a symbol, symbol for params.</param>
public sealed record Seed(string Name, byte[] Bytes, byte[]? Companion = null);

namespace CortexMl.Passes;

/// <summary>A state of a network that hears or sees one recording after pieces: what one sample leaves for the next.</summary>
/// <param name="Output">Name of the output that holds it.</param>
/// <param name="Input">Name of the input that takes it, of as many elements.</param>
public sealed record StatePair(string Output, string Input)
{
    public override string ToString() => $"'{Output}' → '{Input}'";
}

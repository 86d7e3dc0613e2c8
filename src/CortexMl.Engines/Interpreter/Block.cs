using CortexMl.Tensors;

namespace CortexMl.Engines.Interpreter;

/// <summary>A tensor in a piece of storage that may be longer: row-major from the start of <paramref name="Data"/>.</summary>
public readonly record struct Block(int[] Data, Shape Shape)
{
    public int Length => (int)Shape.Count;

    public Span<int> Span => Data.AsSpan(0, Length);
}

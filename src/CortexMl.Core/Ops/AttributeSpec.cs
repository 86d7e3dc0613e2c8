using CortexMl.Ir;

namespace CortexMl.Ops;

/// <summary>One attribute of a row.</summary>
/// <param name="Default">Value when left out; null with <see cref="Required"/> or for one that may be absent altogether.</param>
/// <param name="Doc">Meaning and unit.</param>
public sealed record AttributeSpec(string Name, AttributeKind Kind, AttributeValue? Default = null, string Doc = "")
{
    public bool Required { get; init; }

    /// <summary>Smallest value of an Int, or of each element of Ints.</summary>
    public long? Min { get; init; }

    public long? Max { get; init; }

    /// <summary>Allowed values of a Text.</summary>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Exact number of elements of Ints.</summary>
    public int? Count { get; init; }
}

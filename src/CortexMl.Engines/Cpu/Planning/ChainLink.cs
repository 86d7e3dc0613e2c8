using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Planning;

/// <summary>One thing that an element-wise operation does to a value. Per-channel numbers stand one for every channel.</summary>
internal abstract record ChainLink
{
    public sealed record Combine(Value Other, bool Subtracts) : ChainLink;

    public sealed record Add(int[] Addends) : ChainLink;

    public sealed record Multiply(int[] Factors) : ChainLink;

    /// <param name="Of">What is clamped.</param>
    public sealed record Clamp(int Low, int High, Value Of) : ChainLink;

    /// <summary>x / 2^Bits to the nearest, ties up; Bits from 1.</summary>
    /// <param name="Of">What is shifted.</param>
    public sealed record RoundingShift(int Bits, Value Of) : ChainLink;

    /// <summary>Table[x + Origin], which the clamp in front of it keeps in the table.</summary>
    public sealed record TableEntry(int[] Table, int Origin = 0) : ChainLink;
}

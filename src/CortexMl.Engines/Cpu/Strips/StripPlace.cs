using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>Where the elements lie that a kernel reads or writes: a strip of scratch memory, or a part of a whole value.</summary>
internal abstract record StripPlace
{
    /// <summary>Elements of a strip.</summary>
    public const int Length = 512;

    /// <param name="scratch">Of the group, strip after strip.</param>
    /// <param name="start">The first element.</param>
    public abstract Span<int> Elements(Span<int> scratch, int start, int count);

    public sealed record OfScratch(int Slot) : StripPlace
    {
        public override Span<int> Elements(Span<int> scratch, int start, int count) => scratch.Slice(Slot * Length, count);
    }

    public sealed record OfValue(PlainBuffer Buffer) : StripPlace
    {
        public override Span<int> Elements(Span<int> scratch, int start, int count) => Buffer.Block.Data.AsSpan(start, count);
    }

    /// <param name="Numbers">Are not written.</param>
    public sealed record OfConstant(int[] Numbers) : StripPlace
    {
        public override Span<int> Elements(Span<int> scratch, int start, int count) => Numbers.AsSpan(start, count);
    }
}

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>The same elements of an operation's operands; in place of those that it has not, any others.</summary>
internal readonly ref struct StripOperands(ReadOnlySpan<int> first, ReadOnlySpan<int> second, ReadOnlySpan<int> third)
{
    public ReadOnlySpan<int> First { get; } = first;

    public ReadOnlySpan<int> Second { get; } = second;

    public ReadOnlySpan<int> Third { get; } = third;
}

/// <summary>
/// An element-wise operation on a strip of elements. Arithmetic wraps at 32 bits, as the interpreter's does.
/// </summary>
internal abstract class StripKernel
{
    /// <param name="result">As long as the operands; it may be one of them.</param>
    public abstract void Run(StripOperands operands, Span<int> result);
}

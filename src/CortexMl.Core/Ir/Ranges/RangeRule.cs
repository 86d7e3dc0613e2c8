namespace CortexMl.Ir.Ranges;

/// <summary>
/// What an integer row does to intervals: the mathematically exact range of one of its results. That the runtime wraps is the analysis'
/// business.
/// </summary>
public delegate ValueRange RangeRule(Operation operation, IRanges ranges);

/// <summary>
/// On which inputs the reference's devices disagree about an operation (CortexMl.Cvm/SPECIFICATION.md, introduction): why its operands
/// can reach such, with the interval that allows it; null where they provably do not.
/// </summary>
public delegate string? DivergenceRule(Operation operation, IRanges ranges);

/// <summary>What rules may ask of the analysis that asks them.</summary>
public interface IRanges
{
    /// <summary>Which integers a value can hold.</summary>
    ValueRange this[Value value] { get; }

    /// <summary>
    /// Whether a rule may look at so many elements. Each element of a constant may be looked at a few times; a hostile graph that uses
    /// the same constant in every operation is bounded coarsely.
    /// </summary>
    bool Spend(long elements);
}

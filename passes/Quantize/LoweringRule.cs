using CortexMl.Ir;

namespace CortexMl.Passes.Quantize;

/// <summary>How one float row becomes integers.</summary>
/// <param name="Demand">In which precision and scale operand i is wanted; null for operands that are read as parameters.</param>
/// <param name="Lower">Emits the integer operations and returns the result in whatever precision and scale it comes out.</param>
internal sealed record LoweringRule(Func<Operation, int, Demands, Demand?> Demand, Func<Operation, Quantizer, Value> Lower)
{
    /// <summary>When an operation of this row cannot be lowered after all, why; null when it can.</summary>
    public Func<Operation, string?> Refusal { get; init; } = static _ => null;
}

using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops;

/// <summary>An operation that is in no graph: what a rule is asked before one is made.</summary>
public sealed class ProposedOperation(
    OpSpec spec, IReadOnlyList<TensorType> operands, Attributes attributes, SourceLocation? location = null) : IOperation
{
    public OpSpec Spec { get; } = spec;

    public Attributes Attributes { get; } = attributes;

    public SourceLocation Location { get; } = location ?? SourceLocation.Unknown;

    public int OperandCount => operands.Count;

    public TensorType OperandType(int index) => operands[index];
}

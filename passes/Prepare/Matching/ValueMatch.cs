using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>Questions that rules ask about a value.</summary>
internal static class ValueMatch
{
    /// <summary>The operation that makes the value, where it is of this row.</summary>
    public static Operation? MadeBy(this Value value, OpSpec spec) =>
        value.Producer is { } producer && producer.Spec == spec ? producer : null;

    /// <summary>As <see cref="MadeBy"/>, where nobody else sees the value: it may change.</summary>
    public static Operation? OnlyMadeBy(this Value value, params ReadOnlySpan<OpSpec> specs) =>
        value is { HasOneUse: true, Producer: { } producer } && specs.Contains(producer.Spec) ? producer : null;

    /// <summary>The operand at <paramref name="index"/>, or null where it was left out.</summary>
    public static Value? OperandAt(this Operation operation, int index) =>
        index < operation.Operands.Count ? operation.Operands[index] : null;
}

using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>What a float constant is when seen by the operator that uses it.</summary>
public static class ConstantMatch
{
    /// <summary>The number that every element of a constant equals, or null.</summary>
    public static float? Splat(this Value value)
    {
        if (value.Constant is not { } constant || constant.Tensor is not Tensor<float> { Length: > 0 } tensor) return null;
        return tensor.Data.AsSpan().ContainsAnyExcept(tensor.Data[0]) ? null : tensor.Data[0];
    }

    /// <summary>
    /// The elements of a constant that, broadcast to <paramref name="data"/>, differ along <paramref name="axis"/> alone: one for each
    /// index of the axis. Null where it is no such constant or would make <paramref name="data"/> larger.
    /// </summary>
    public static float[]? AlongAxis(this Value value, Shape data, int axis)
    {
        if (value.Constant is null || Shape.Broadcast(value.Type.Shape, data) != data) return null;
        if (value.Splat() is { } splat) return [.. Enumerable.Repeat(splat, data[axis])];
        int fromEnd = data.Rank - axis;
        var own = value.Type.Shape;
        bool onlyThere = own.Rank >= fromEnd && own[^fromEnd] == data[axis] && own.Count == data[axis];
        return onlyThere ? ((Tensor<float>)value.Constant.Tensor).Data : null;
    }

    /// <summary>The elements of a float constant, or null.</summary>
    public static float[]? Floats(this Value value) => (value.Constant?.Tensor as Tensor<float>)?.Data;
}

/// <summary>Questions that rules ask about a value.</summary>
public static class ValueMatch
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

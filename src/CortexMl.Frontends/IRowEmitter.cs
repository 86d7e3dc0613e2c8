using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>A node of a model that is being imported, as far as lowerings that both formats share need it.</summary>
internal interface IRowEmitter
{
    /// <summary>A value on the way to the result, named <c>node.step</c>.</summary>
    Value Step(string step, OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes);

    /// <summary>A constant that belongs to this node, named <c>node.step</c>.</summary>
    Value Floats(string step, Tensor<float> tensor);
}

/// <summary>Inserts a row: as the node's result or as a step on the way there.</summary>
internal delegate Value EmitRow(OpSpec row, IReadOnlyList<Value> operands, params ReadOnlySpan<(string, AttributeValue)> attributes);

/// <summary>What importers of both formats do with values.</summary>
internal static class RowEmitting
{
    /// <summary>The same elements under another shape; of a constant a constant, at once, so that layers see constant weights.</summary>
    public static Value Reshaped(this IRowEmitter n, string step, Value value, Shape shape)
    {
        if (value.Type.Shape == shape) return value;
        return value.Constant?.Tensor is Tensor<float> tensor ? n.Floats(step, tensor.Reshape(shape))
            : n.Step(step, NnShape.Reshape, [value], ("shape", shape));
    }
}

/// <summary>A node cannot be imported; the importer adds which one and where, and goes on with the others.</summary>
internal sealed class NodeException(string code, string message, string? hint = null) : Exception(message)
{
    public string Code { get; } = code;

    public string? Hint { get; } = hint;
}

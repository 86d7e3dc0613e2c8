using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>How rules insert what they rewrite to.</summary>
public static class Insertion
{
    /// <summary>An operation before <paramref name="anchor"/>; its only result.</summary>
    public static Value Insert(
        this PassContext context, Operation anchor, OpSpec spec, IReadOnlyList<Value> operands, Attributes? attributes = null) =>
        context.Rewriter.Insert(anchor, spec, operands, attributes).Result;

    /// <summary>A constant computed in double, rounded to f32 once.</summary>
    public static Value Constant(this PassContext context, Operation anchor, string name, Shape shape, double[] elements) =>
        context.Rewriter.InsertConstant(anchor, name, Tensor.Create(shape, Array.ConvertAll(elements, e => (float)e)));

    public static Value Scalar(this PassContext context, Operation anchor, string name, double value) =>
        context.Constant(anchor, name, Shape.Scalar, [value]);

    /// <summary>
    /// A constant that takes the place of <paramref name="old"/> for one user: it takes over the name where nobody else needs it.
    /// </summary>
    public static Value Instead(this PassContext context, Operation anchor, Value old, Shape shape, double[] elements) =>
        context.Instead(anchor, old, shape, Array.ConvertAll(elements, e => (float)e));

    /// <inheritdoc cref="Instead(PassContext, Operation, Value, Shape, double[])"/>
    public static Value Instead(this PassContext context, Operation anchor, Value old, Shape shape, float[] elements)
    {
        string name = old.Name!;
        if (old.HasOneUse) context.Rewriter.SetName(old, name + ".old");
        return context.Rewriter.InsertConstant(anchor, name, Tensor.Create(shape, elements));
    }

    public static Value Reshape(this PassContext context, Operation anchor, Value value, Shape shape) =>
        context.Insert(anchor, NnShape.Reshape, [value], Attributes.Of(("shape", shape)));

    /// <summary>A name for a constant that belongs to a value: its own with a suffix.</summary>
    public static string NameFor(Operation operation, string suffix) =>
        $"{operation.Results[0].Name ?? operation.Location.Nodes.FirstOrDefault() ?? operation.Spec.Name.Split('.')[^1]}.{suffix}";
}

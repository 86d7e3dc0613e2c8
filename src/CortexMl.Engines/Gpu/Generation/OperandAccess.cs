using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>
/// An operand as a generator reads it. Coordinates must lie within <see cref="Shape"/>: nothing checks them on the device.
/// </summary>
internal abstract class OperandAccess(KernelBuilder kernel, Shape shape)
{
    public Shape Shape { get; } = shape;

    /// <summary>The element at an index into a tensor of this operand's shape.</summary>
    public abstract Expr At(ElementIndex index);

    public Expr At(params IReadOnlyList<Expr> coordinates) => At(ElementIndex.At(kernel, Shape, coordinates));

    /// <param name="flat">Row-major number.</param>
    public Expr AtFlat(Expr flat) => At(ElementIndex.At(kernel, Shape, flat));

    /// <summary>The element at the same row-major number as an index into a tensor of another shape.</summary>
    public virtual Expr SameNumber(ElementIndex index) => At(index.Reshaped(Shape));

    /// <summary>The element that NumPy broadcasting puts at an index of the result.</summary>
    public Expr Broadcast(ElementIndex index)
    {
        if (index.Shape == Shape) return At(index);
        int missing = index.Shape.Rank - Shape.Rank;
        return At([.. Enumerable.Range(0, Shape.Rank).Select(axis => Shape[axis] == 1 ? (Expr)0 : index[axis + missing])]);
    }
}

/// <summary>An operand in the device's memory.</summary>
internal sealed class BufferOperand(KernelBuilder kernel, KernelBuffer buffer, ValueLayout layout) : OperandAccess(kernel, layout.Shape)
{
    public override Expr At(ElementIndex index) => buffer[layout.Offset(index)];
}

/// <summary>A constant of one element, written into the kernel.</summary>
internal sealed class NumberOperand(KernelBuilder kernel, Shape shape, int number) : OperandAccess(kernel, shape)
{
    public override Expr At(ElementIndex index) => number;
}

/// <summary>The result of the operation before in the same kernel: this thread's element and no other.</summary>
internal sealed class FusedOperand(KernelBuilder kernel, Shape shape, Expr value) : OperandAccess(kernel, shape)
{
    public override Expr At(ElementIndex index) => value;

    public override Expr SameNumber(ElementIndex index) => value;
}

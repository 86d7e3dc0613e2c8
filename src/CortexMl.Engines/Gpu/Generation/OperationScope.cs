using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>What the generator of one operation sees.</summary>
internal sealed class OperationScope(
    Operation operation, KernelBuilder kernel, Func<int, OperandAccess> operands, Func<int, ResultAccess>? results)
{
    private readonly Dictionary<int, OperandAccess> _operands = [];
    private readonly Dictionary<int, ResultAccess> _results = [];

    /// <summary>Where statements go; <see cref="KernelBuilder.Thread"/> belongs to kernels, element generators have their index.</summary>
    public KernelBuilder Kernel { get; } = kernel;

    /// <summary>Attributes with defaults, and operand shapes.</summary>
    public IOperation Op { get; } = operation;

    public int OperandCount => operation.Operands.Count;

    public bool Has(int operand) => operand < operation.Operands.Count;

    /// <summary>The elements of an operand that is a constant; null for a computed one.</summary>
    public ConstantData? Constant(int operand) => operation.Operands[operand].Constant;

    public OperandAccess Operand(int index) => _operands.TryGetValue(index, out var known) ? known : _operands[index] = operands(index);

    public Shape ResultShape(int index = 0) => operation.Results[index].Type.Shape;

    /// <summary>A result to write; generators of whole kernels only.</summary>
    public ResultAccess Result(int index = 0) => _results.TryGetValue(index, out var known) ? known
        : _results[index] = results?.Invoke(index)
            ?? throw new InvalidOperationException($"{operation.Spec.Name}: its generator returns the element");
}

/// <summary>A result as the generator of a whole kernel writes it: every element by one thread, all of them by some thread.</summary>
internal sealed class ResultAccess(KernelBuilder kernel, KernelBuffer buffer, ValueLayout layout)
{
    public Shape Shape => layout.Shape;

    public void Store(Expr value, params IReadOnlyList<Expr> coordinates) => Store(ElementIndex.At(kernel, Shape, coordinates), value);

    /// <param name="flat">Row-major number.</param>
    public void StoreFlat(Expr flat, Expr value) => Store(ElementIndex.At(kernel, Shape, flat), value);

    public void Store(ElementIndex index, Expr value) => kernel.Store(buffer, layout.Offset(index), value);

    /// <summary>An element that this thread has stored before.</summary>
    public Expr LoadFlat(Expr flat) => buffer[layout.Offset(ElementIndex.At(kernel, Shape, flat))];
}

using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>
/// Computes one element of an operation's only result. The planner gives every element a thread, fuses what may follow, and stores.
/// </summary>
/// <returns>An i32 that wraps where the interpreter wraps.</returns>
internal delegate Expr ElementGenerator(OperationScope scope, ElementIndex index);

/// <summary>Writes a whole kernel for an operation whose elements cannot be computed one by one, or that has several results.</summary>
/// <returns>How many threads run it; a thread beyond the data must be kept out by the kernel.</returns>
internal delegate LaunchShape KernelGenerator(OperationScope scope);

/// <summary>
/// How a row of the operator table becomes device code: one of the two generators. The families in this folder list theirs in <c>All</c>,
/// and <see cref="OperatorGenerators"/> joins them:
/// <code>
/// OperatorGenerator.Element(CvmUnary.Relu, (scope, i) => scope.Operand(0).At(i).Max(0)),
/// OperatorGenerator.Element(CvmPool.UpSampling, (scope, i) => scope.Operand(0).At(i[0], i[1], i[2] / factor, i[3] / factor)),
/// OperatorGenerator.Whole(CvmDetection.NonMaxSuppression, WriteSuppression),
/// </code>
/// </summary>
internal sealed record OperatorGenerator(OpSpec Spec)
{
    public ElementGenerator? ElementAt { get; private init; }

    public KernelGenerator? Write { get; private init; }

    /// <summary>
    /// Whether an element depends, of each operand that has as many elements as the result, on the element at the same row-major number
    /// only: such an operation joins the kernel of the operation before it.
    /// </summary>
    public bool IsPointwise => Spec.Is(OpTraits.Elementwise) || Spec.Is(OpTraits.Reshapes);

    public static OperatorGenerator Element(OpSpec spec, ElementGenerator generator) => new(spec) { ElementAt = generator };

    public static OperatorGenerator Whole(OpSpec spec, KernelGenerator generator) => new(spec) { Write = generator };
}

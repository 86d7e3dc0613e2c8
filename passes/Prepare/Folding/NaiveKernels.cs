using System.Collections.Frozen;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary>
/// One float operator in double, naive and in a fixed order: the numbers of a folded constant must not depend on a library.
/// </summary>
/// <param name="op">Operand types and attributes, already checked by the row.</param>
/// <param name="operands">Row-major elements of each operand.</param>
/// <param name="result">Shape that the row inferred.</param>
/// <returns>Row-major elements of the result.</returns>
public delegate double[] FloatKernel(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result);

/// <summary>The kernels of all float rows, family by family.</summary>
public static class NaiveKernels
{
    private static readonly FrozenDictionary<OpSpec, FloatKernel> All =
        new[]
        {
            FloatUnaryKernels.All, FloatBinaryKernels.All, FloatShapeKernels.All, FloatReduceKernels.All, FloatConvKernels.All,
            FloatPoolKernels.All, FloatNormKernels.All, FloatLookupKernels.All,
        }
            .SelectMany(family => family).ToFrozenDictionary();

    public static bool Has(OpSpec spec) => All.ContainsKey(spec);

    /// <summary>The result of a float operation with one result.</summary>
    public static Tensor<double> Evaluate(Operation operation, IReadOnlyList<Tensor<double>> operands)
    {
        var shape = operation.Result.Type.Shape;
        return Tensor.Create(shape, All[operation.Spec](operation, operands, shape));
    }

    /// <summary>An operation that works element by element, as a function of as many numbers as it has operands, at some points.</summary>
    public static double[] AtPoints(Operation operation, IReadOnlyList<double[]> operands)
    {
        var points = Shape.Of(operands[0].Length);
        return All[operation.Spec](operation, [.. operands.Select(numbers => Tensor.Create(points, numbers))], points);
    }
}

using System.Collections.Frozen;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary>The kernels of all float rows, family by family.</summary>
public static class NaiveKernels
{
    private static readonly FrozenDictionary<OpSpec, FloatKernel> All =
        new[]
        {
            FloatUnaryKernels.All, FloatBinaryKernels.All, FloatShapeKernels.All, FloatReduceKernels.All, FloatConvKernels.All,
            FloatPoolKernels.All, FloatNormKernels.All, FloatLookupKernels.All, FloatDetectionKernels.All,
        }
            .SelectMany(family => family).ToFrozenDictionary();

    public static bool Has(OpSpec spec) => All.ContainsKey(spec) || spec.Kernel is not null;

    /// <summary>The result of a float operation with one result.</summary>
    public static Tensor<double> Evaluate(Operation operation, IReadOnlyList<Tensor<double>> operands)
    {
        var shape = operation.Result.Type.Shape;
        return Tensor.Create(shape, Of(operation.Spec)(operation, operands, shape));
    }

    /// <summary>An operation that works element by element, as a function of as many numbers as it has operands, at some points.</summary>
    public static double[] AtPoints(Operation operation, IReadOnlyList<double[]> operands)
    {
        var points = Shape.Of(operands[0].Length);
        return Of(operation.Spec)(operation, [.. operands.Select(numbers => Tensor.Create(points, numbers))], points);
    }

    /// <summary>Ours, else the one that a plugin's row brings.</summary>
    private static FloatKernel Of(OpSpec spec) => All.GetValueOrDefault(spec) ?? spec.Kernel
        ?? throw new ArgumentException($"{spec.Name} has no kernel");
}

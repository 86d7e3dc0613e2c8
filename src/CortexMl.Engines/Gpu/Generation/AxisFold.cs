using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>A sum or maximum over axes. Sums wrap at 32 bits, which in any order gives what wrapping the exact sum gives.</summary>
internal sealed class AxisFold(IOperation op)
{
    private readonly bool _isSum = op.Spec == CvmReduce.Sum, _keeps = op.Bool("keepdims");

    public static bool Is(OpSpec row) => row == CvmReduce.Sum || row == CvmReduce.Max;

    /// <summary>The reduced axes, ascending.</summary>
    public IReadOnlyList<int> Axes { get; } = CvmReduce.Axes(op);

    /// <summary>The sizes of the reduced axes: so many elements make one result.</summary>
    public Shape Inside => Shape.Of([.. Axes.Select(axis => op.Shape(0)[axis])]);

    /// <summary>What a fold starts from. Without an axis list that is 0: a maximum of negative numbers is 0.</summary>
    public int Start { get; } = op.Spec == CvmReduce.Sum || (op.Ints("axis").IsEmpty && !op.Bool("exclude")) ? 0 : int.MinValue;

    public Expr Fold(Expr a, Expr b) => _isSum ? a + b : a.Max(b);

    /// <summary>The coordinates of an element of the operand.</summary>
    /// <param name="index">Of the result.</param>
    /// <param name="inside">Coordinate along each of <see cref="Axes"/>.</param>
    public Expr[] Coordinates(ElementIndex index, IReadOnlyList<Expr> inside)
    {
        var coordinates = new Expr[op.Shape(0).Rank];
        for (int axis = 0, kept = 0, reduced = 0; axis < coordinates.Length; axis++)
        {
            bool isReduced = reduced < Axes.Count && Axes[reduced] == axis;
            // Kept axes in their order are the result's axes, but where that keeps ones for the reduced ones.
            coordinates[axis] = isReduced ? inside[reduced++] : index[_keeps ? axis : kept++];
        }
        return coordinates;
    }
}

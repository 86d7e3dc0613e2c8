using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ops;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Sum and maximum over axes: a loop per result. Sums wrap at 32 bits, which gives what wrapping the exact sum gives.</summary>
internal static class ReduceKernels
{
    public static IEnumerable<OperatorKernel> All =>
    [
        OperatorKernel.Element(CvmReduce.Sum, (scope, i) => Reduce(scope, i, 0, (a, b) => a + b)),
        OperatorKernel.Element(CvmReduce.Max, (scope, i) => Reduce(scope, i, int.MinValue, (a, b) => a.Max(b))),
    ];

    private static Expr Reduce(OperationScope scope, ElementIndex index, int neutral, Func<Expr, Expr, Expr> fold)
    {
        var (k, x) = (scope.Kernel, scope.Operand(0));
        var reduced = CvmReduce.Axes(scope.Rule);
        // The kept axes in their order are the result's axes, but where those keep ones for the reduced ones.
        bool keeps = scope.Rule.Bool("keepdims");
        var coordinates = new Expr[x.Shape.Rank];
        for (int axis = 0, kept = 0; axis < coordinates.Length; axis++)
            if (!reduced.Contains(axis)) coordinates[axis] = index[keeps ? axis : kept++];
        // Without an axis list the fold starts from 0: a maximum of negative numbers is 0.
        bool fromZero = scope.Rule.Ints("axis").IsEmpty && !scope.Rule.Bool("exclude");
        var total = k.Let("total", fromZero ? 0 : neutral);
        if (reduced.Count == x.Shape.Rank) k.For("r", 0, (int)x.Shape.Count, r => k.Assign(total, fold(total, x.AtFlat(r))));
        else Fold(0);
        return total;

        void Fold(int depth)
        {
            if (depth == reduced.Count) k.Assign(total, fold(total, x.At(coordinates)));
            else
            {
                k.For("r", 0, x.Shape[reduced[depth]], r =>
                {
                    coordinates[reduced[depth]] = r;
                    Fold(depth + 1);
                });
            }
        }
    }
}

using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Engines.Gpu.Generation;

/// <summary>Sum and maximum over axes: a loop per result.</summary>
internal static class ReduceGenerators
{
    public static IEnumerable<OperatorGenerator> All =>
        [OperatorGenerator.Element(CvmReduce.Sum, Reduce), OperatorGenerator.Element(CvmReduce.Max, Reduce)];

    private static Expr Reduce(OperationScope scope, ElementIndex index)
    {
        var (k, x, reduction) = (scope.Kernel, scope.Operand(0), new AxisFold(scope.Op));
        var inside = new Expr[reduction.Axes.Count];
        // The kept coordinates are computed once, outside of the loops.
        Array.Fill(inside, 0);
        reduction.Coordinates(index, inside);
        var total = k.Let("total", reduction.Start);
        if (inside.Length == x.Shape.Rank) k.For("r", 0, (int)x.Shape.Count, r => k.Assign(total, reduction.Fold(total, x.AtFlat(r))));
        else Fold(0);
        return total;

        void Fold(int depth)
        {
            if (depth == inside.Length) k.Assign(total, reduction.Fold(total, x.At(reduction.Coordinates(index, inside))));
            else
            {
                k.For("r", 0, reduction.Inside[depth], r =>
                {
                    inside[depth] = r;
                    Fold(depth + 1);
                });
            }
        }
    }
}

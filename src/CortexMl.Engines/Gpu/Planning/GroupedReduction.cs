using CortexMl.Engines.Gpu.Generation;
using CortexMl.Engines.Gpu.Kernels;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>
/// The kernel of a group whose head reduces many elements: a group of threads for every result, in a tree whose shape is always the same.
/// </summary>
internal static class GroupedReduction
{
    private const int Lanes = 32, FewestElements = 256;

    public static bool Fits(Operation operation) =>
        AxisFold.Is(operation.Spec) && new AxisFold(operation).Inside.Count >= FewestElements;

    public static LaunchStep Write(GroupWriter writer)
    {
        var (k, head) = (writer.Kernel, writer.Group.Head);
        var (reduction, x) = (new AxisFold(head), writer.Operand(head.Operands[0]));
        var result = ElementIndex.At(k, head.Result.Type.Shape, k.Group);
        // The kept coordinates are computed once, outside of the loop.
        reduction.Coordinates(result, [.. reduction.Axes.Select(_ => (Expr)0)]);
        var total = k.Let("total", reduction.Start);
        k.For("r", k.Lane, (int)reduction.Inside.Count, r => k.Assign(total, reduction.Fold(total, Element(r))), Lanes);
        var partial = k.Shared("partial", KernelElement.I32, Lanes);
        k.Store(partial, k.Lane, total);
        for (int half = Lanes / 2; half > 0; half /= 2)
        {
            int distance = half;
            k.Barrier();
            k.If(k.Lane < half, () => k.Store(partial, k.Lane, reduction.Fold(partial[k.Lane], partial[k.Lane + distance])));
        }
        k.If(k.Lane.Is(0), () => writer.Store(result, writer.Follow(result, k.Let("v", partial[0]))));
        return writer.Build(new LaunchShape((int)head.Result.Type.Shape.Count, Lanes));

        Expr Element(Expr number)
        {
            if (reduction.Axes.Count == x.Shape.Rank) return x.AtFlat(number);
            var inside = ElementIndex.At(k, reduction.Inside, number);
            return x.At(reduction.Coordinates(result, [.. Enumerable.Range(0, reduction.Axes.Count).Select(i => inside[i])]));
        }
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>Sum and maximum over axes.</summary>
internal static class ReduceKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All =>
        [Of(CvmReduce.Sum, context => Reduce(context, (a, b) => a + b)), Of(CvmReduce.Max, context => Reduce(context, Math.Max))];

    private static void Reduce(KernelContext context, Func<long, long, long> fold)
    {
        var shape = context["data"].Shape;
        ReadOnlySpan<int> x = context["data"].Span;
        Span<int> y = context.Output.Span;
        // Without an axis list the fold starts from 0, not from the first element: a maximum of negative numbers is 0.
        if (context.Op.Ints("axis").IsEmpty && !context.Op.Bool("exclude"))
        {
            long all = 0;
            foreach (int element in x) all = fold(all, element);
            y[0] = context.Wrap(all);
            return;
        }
        int[] strides = shape.Strides();
        int[] reduced = [.. CvmReduce.Axes(context.Op)], kept = [.. Enumerable.Range(0, shape.Rank).Except(reduced)];
        var starts = context.IsReferenceCpu && reduced.Length > 0 ? ReferenceStarts(context, kept) : Walk(kept);
        var inside = Walk(reduced);
        int count = x.Length / y.Length;
        for (int i = 0; i < y.Length; i++, starts.Next())
        {
            int start = (int)starts.Offset;
            long result = x[start + (int)inside.Offset];
            inside.Next();
            for (int k = 1; k < count; k++, inside.Next()) result = fold(result, x[start + (int)inside.Offset]);
            y[i] = context.Wrap(result);
        }

        StridedWalk Walk(int[] axes) => new([.. axes.Select(axis => shape[axis])], [.. axes.Select(axis => (long)strides[axis])]);
    }

    // The CPU device drops result axes of size 1 but not the kept input axes behind them, so that coordinates meet the strides of other
    // axes: the k-th from the right goes with the k-th kept axis from the right.
    private static StridedWalk ReferenceStarts(KernelContext context, int[] kept)
    {
        int[] strides = context["data"].Shape.Strides();
        int[] dims = [.. context.Output.Shape.Where(dim => dim != 1)];
        return new StridedWalk(dims, [.. kept[^dims.Length..].Select(axis => (long)strides[axis])]);
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

internal static class LookupKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All =>
        [Of(CvmLookup.Take, Take), Of(CvmLookup.CvmLut, Table), Of(CvmLookup.Where, Where)];

    private static void Take(KernelContext context)
    {
        Shape data = context["data"].Shape;
        if (context.Op.Get("axis") is null)
        {
            Select(context["data"].Span, context["indices"].Span, context.Output.Span);
            return;
        }
        int axis = data.Axis(context.Op.Int("axis")), inner = data.Skip(axis + 1).Aggregate(1, (product, dim) => product * dim);
        ReadOnlySpan<int> x = context["data"].Span, indices = context["indices"].Span;
        int at = 0;
        for (int outer = 0; outer < x.Length; outer += data[axis] * inner)
        {
            foreach (int index in indices)
            {
                x.Slice(outer + (Math.Clamp(index, 0, data[axis] - 1) * inner), inner).CopyTo(context.Output.Span[at..]);
                at += inner;
            }
        }
    }

    private static void Table(KernelContext context) => Select(context["table"].Span, context["data"].Span, context.Output.Span);

    // y[i] = x[clamp(index[i], 0, size - 1)]
    private static void Select(ReadOnlySpan<int> x, ReadOnlySpan<int> indices, Span<int> y)
    {
        for (int i = 0; i < y.Length; i++) y[i] = x[Math.Clamp(indices[i], 0, x.Length - 1)];
    }

    // The reference copies too little of each row for a one-dimensional condition and leaves the rest unwritten; here the row is whole.
    private static void Where(KernelContext context)
    {
        ReadOnlySpan<int> condition = context["condition"].Span, x = context["x"].Span, z = context["y"].Span;
        Span<int> y = context.Output.Span;
        int row = y.Length / condition.Length;
        for (int i = 0; i < y.Length; i++) y[i] = condition[i / row] != 0 ? x[i] : z[i];
    }
}

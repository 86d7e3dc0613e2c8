using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>Element by element, from two operands that broadcast.</summary>
internal static class BinaryKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All =>
    [
        Of(CvmBinary.ElemwiseAdd, context => Map(context, (a, b) => a + b)),
        Of(CvmBinary.ElemwiseSub, context => Map(context, (a, b) => a - b)),
        Of(CvmBinary.BroadcastAdd, context => Map(context, (a, b) => a + b)),
        Of(CvmBinary.BroadcastSub, context => Map(context, (a, b) => a - b)),
        Of(CvmBinary.BroadcastMul, context => Map(context, (a, b) => a * b)),
        Of(CvmBinary.BroadcastMax, context => Map(context, Math.Max)),
        Of(CvmBinary.BroadcastGreater, context => Map(context, (a, b) => a > b ? 1 : 0)),

        // The reference stops at the most negative integer divided by -1; here that wraps to itself.
        Of(CvmBinary.BroadcastDiv, context => Map(context, (a, b) => b == 0 ? 0 : a / b)),
    ];

    /// <summary>Applies an exact function to every pair and keeps the low 32 bits.</summary>
    private static void Map(KernelContext context, Func<long, long, long> function)
    {
        Shape shape = context.Output.Shape;
        ReadOnlySpan<int> a = context["a"].Span, b = context["b"].Span;
        Span<int> y = context.Output.Span;
        long[] aStrides = BroadcastStrides(context["a"].Shape, shape.Rank), bStrides = BroadcastStrides(context["b"].Shape, shape.Rank);
        var aRows = new StridedWalk(shape.Dims[..^1], aStrides.AsSpan(..^1));
        var bRows = new StridedWalk(shape.Dims[..^1], bStrides.AsSpan(..^1));
        int length = shape[^1], aStep = (int)aStrides[^1], bStep = (int)bStrides[^1];
        for (int row = 0; row < y.Length; row += length, aRows.Next(), bRows.Next())
        {
            int ia = (int)aRows.Offset, ib = (int)bRows.Offset;
            for (int i = 0; i < length; i++, ia += aStep, ib += bStep) y[row + i] = context.Wrap(function(a[ia], b[ib]));
        }
    }

    /// <summary>Row-major strides aligned to the right of <paramref name="rank"/> axes, 0 where the operand broadcasts.</summary>
    public static long[] BroadcastStrides(Shape shape, int rank)
    {
        var strides = new long[rank];
        int[] own = shape.Strides();
        for (int i = 1; i <= shape.Rank; i++) strides[^i] = shape[^i] == 1 ? 0 : own[^i];
        return strides;
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>Element by element, from one operand. Each works in place.</summary>
internal static class UnaryKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All =>
    [
        Of(CvmUnary.Abs, context => Map(context, Math.Abs)),
        Of(CvmUnary.Negative, context => Map(context, x => -x)),
        Of(CvmUnary.Relu, context => Map(context, x => Math.Max(x, 0))),
        Of(CvmUnary.CvmPrecision, context => Map(context, x => Math.Max(1, Precisions.Bits(Math.Abs(x))))),
        Of(CvmUnary.Clip, Clip),
        Of(CvmUnary.CvmClip, CvmClip),
        Of(CvmUnary.CvmLeftShift, LeftShift),
        Of(CvmUnary.CvmRightShift, RightShift),
    ];

    /// <summary>Applies an exact function to every element and keeps the low 32 bits.</summary>
    private static void Map(KernelContext context, Func<long, long> function)
    {
        ReadOnlySpan<int> x = context["data"].Span;
        Span<int> y = context.Output.Span;
        for (int i = 0; i < y.Length; i++) y[i] = context.Wrap(function(x[i]));
    }

    private static void Clip(KernelContext context)
    {
        long min = context.Op.Int("a_min"), max = context.Op.Int("a_max");
        Map(context, x => Math.Max(Math.Min(max, x), min));
    }

    private static void CvmClip(KernelContext context)
    {
        long bound = Precisions.Bound((int)context.Op.Int("precision"));
        Map(context, x => Math.Clamp(x, -bound, bound));
    }

    private static void LeftShift(KernelContext context)
    {
        if (context.IsReferenceCpu) throw context.Failure("the reference runtime's CPU device cannot run cvm_left_shift");
        long bound = Precisions.Bound((int)context.Op.Int("precision"));
        int bits = (int)context.Op.Int("shift_bit");
        Map(context, x => Math.Clamp(context.Wrap(x << bits), -bound, bound));
    }

    private static void RightShift(KernelContext context)
    {
        int precision = (int)context.Op.Int("precision"), bits = (int)context.Op.Int("shift_bit");
        long bound = Precisions.Bound(precision);
        if (context.IsReferenceCpu && precision > 1 && bits >= 31) Map(context, x => x >> 31);
        else if (context.IsReferenceCpu && precision > 1 && precision + bits >= 32) Map(context, Rounded);
        else if (context.IsReferenceCpu) Map(context, x => Math.Clamp(Exact(x), -bound, bound));
        else Map(context, x => Math.Clamp(Rounded(x), -bound, bound));

        // x / 2^bits to the nearest, ties toward plus infinity.
        long Exact(long x) => ((x >> (bits - 1)) + 1) >> 1;

        // The same where adding the half wraps, for the largest integer and one bit; the CPU device does that only where it does not clamp.
        long Rounded(long x) => context.Wrap((x >> (bits - 1)) + 1) >> 1;
    }
}

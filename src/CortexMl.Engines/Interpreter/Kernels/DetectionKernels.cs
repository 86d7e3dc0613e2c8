using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using static CortexMl.Engines.Interpreter.KernelTable;

namespace CortexMl.Engines.Interpreter.Kernels;

internal static class DetectionKernels
{
    public static IEnumerable<KeyValuePair<OpSpec, Kernel>> All =>
        [Of(CvmDetection.GetValidCounts, GetValidCounts), Of(CvmDetection.NonMaxSuppression, NonMaxSuppression)];

    private static void NonMaxSuppression(KernelContext context)
    {
        if (context.IsReferenceCpu) ReferenceSuppression.Run(context);
        else Suppression.Run(context);
    }

    private static void GetValidCounts(KernelContext context)
    {
        var shape = context["data"].Shape;
        long threshold = context.Op.Int("score_threshold");
        Span<int> counts = context.Outputs[0].Span;
        for (int batch = 0; batch < shape[0]; batch++)
        {
            ReadOnlySpan<int> rows = context["data"].Span.Slice(batch * shape[1] * shape[2], shape[1] * shape[2]);
            Span<int> target = context.Outputs[1].Span.Slice(batch * rows.Length, rows.Length);
            int count = 0;
            for (int at = 0; at < rows.Length; at += shape[2])
            {
                if (rows[at + 1] > threshold) rows.Slice(at, shape[2]).CopyTo(target[(count++ * shape[2])..]);
            }
            target[(count * shape[2])..].Fill(-1);
            counts[batch] = count;
        }
    }
}

using CortexMl.Ir;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>Non-maximum suppression as published: batches on their own, rows dropped only by rows that are kept.</summary>
internal static class Suppression
{
    public static void Run(KernelContext context)
    {
        var shape = context["data"].Shape;
        int size = shape[1] * shape[2];
        for (int batch = 0; batch < shape[0]; batch++)
        {
            int valid = Math.Clamp(context["valid_count"].Data[batch], 0, shape[1]);
            RunBatch(context, context["data"].Span.Slice(batch * size, size), valid, context.Output.Span.Slice(batch * size, size));
        }
    }

    private static void RunBatch(KernelContext context, ReadOnlySpan<int> rows, int valid, Span<int> result)
    {
        long best = context.Op.Int("top_k"), most = context.Op.Int("max_output_size"), threshold = context.Op.Int("iou_threshold");
        bool force = context.Op.Bool("force_suppress");
        int[] order = Boxes.ByScore(rows, valid);
        if (best >= 0 && best < order.Length) order = order[..(int)best];
        int kept = 0;
        foreach (int candidate in order)
        {
            if (most >= 0 && kept >= most) break;
            if (Boxes.Id(rows, candidate) < 0 || IsCovered(Boxes.Row(rows, candidate), result, kept, force, threshold)) continue;
            Boxes.Row(rows, candidate).CopyTo(Boxes.Row(result, kept++));
        }
        result[(kept * Boxes.Size)..].Fill(-1);
    }

    private static bool IsCovered(ReadOnlySpan<int> row, ReadOnlySpan<int> result, int kept, bool force, long threshold)
    {
        for (int i = 0; i < kept; i++)
        {
            if ((force || Boxes.Id(result, i) == row[0]) && Boxes.Overlap(Boxes.Row(result, i), row) >= threshold) return true;
        }
        return false;
    }
}

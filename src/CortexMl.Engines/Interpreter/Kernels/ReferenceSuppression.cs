using CortexMl.Ir;

namespace CortexMl.Engines.Interpreter.Kernels;

/// <summary>
/// Non-maximum suppression as the reference runtime's CPU device does it: it ends at the first empty batch and leaves later ones unwritten,
/// overwrites rows of its input, looks no further than the first negative id, and lets rows that it does not output suppress others.
/// </summary>
internal static class ReferenceSuppression
{
    public static void Run(KernelContext context)
    {
        var shape = context["data"].Shape;
        int size = shape[1] * shape[2];
        for (int batch = 0; batch < shape[0]; batch++)
        {
            int valid = Math.Clamp(context["valid_count"].Data[batch], 0, shape[1]);
            Span<int> result = context.Output.Span.Slice(batch * size, size);
            RunBatch(context, context["data"].Span.Slice(batch * size, size), valid, result);
            if (valid == 0) return;
        }
    }

    private static void RunBatch(KernelContext context, Span<int> rows, int valid, Span<int> result)
    {
        long best = context.Op.Int("top_k"), most = context.Op.Int("max_output_size");
        int[] order = Boxes.ByScore(rows, valid);
        if (best >= 0 && best < valid)
        {
            if (best > 0)
                foreach (int row in order[(int)best..]) Boxes.Row(rows, row).Fill(-1);
            order = order[..(int)best];
        }
        bool[] removed = new bool[order.Length];
        int kept = 0;
        for (int i = 0; i < order.Length; i++)
        {
            if (removed[i]) continue;
            if (Boxes.Id(rows, order[i]) >= 0) Boxes.Row(rows, order[i]).CopyTo(Boxes.Row(result, kept++));
            Suppress(context, rows, order, i, removed);
        }
        if (most > 0) kept = (int)Math.Min(kept, most);
        result[(kept * Boxes.Size)..].Fill(-1);
    }

    private static void Suppress(KernelContext context, ReadOnlySpan<int> rows, int[] order, int i, bool[] removed)
    {
        bool force = context.Op.Bool("force_suppress");
        long threshold = context.Op.Int("iou_threshold");
        for (int j = i + 1; j < order.Length && Boxes.Id(rows, order[j]) >= 0; j++)
        {
            if (force || Boxes.Id(rows, order[i]) == Boxes.Id(rows, order[j]))
                removed[j] |= Boxes.Overlap(Boxes.Row(rows, order[i]), Boxes.Row(rows, order[j])) >= threshold;
        }
    }
}

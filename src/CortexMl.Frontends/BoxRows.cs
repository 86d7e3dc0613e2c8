using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends;

/// <summary>What suppression takes of its boxes, and how many it keeps.</summary>
/// <param name="Overlap">Share of intersection / union above which a box is dropped.</param>
/// <param name="Score">Scores above it count.</param>
/// <param name="Best">Best-scored boxes that are looked at; null for all.</param>
/// <param name="Places">Of the result.</param>
internal sealed record SuppressionSize(double Overlap, double Score, int? Best, int Places);

/// <summary>How offsets from anchors become boxes.</summary>
/// <param name="Shares">Factors of the offsets of x, y, width and height.</param>
/// <param name="MostGrowth">Limit of the logarithm of how much larger than its anchor a box is; null for none.</param>
internal sealed record BoxCoding(IReadOnlyList<double> Shares, double? MostGrowth = null);

/// <summary>
/// Boxes as rows of the float level, for both formats: arithmetic of columns [..., 1], and the rows that suppression keeps.
/// </summary>
internal static class BoxRows
{
    /// <summary>The places of the kept boxes, of boxes [N, 4], scores [N] and ids [N].</summary>
    public static Value Kept(IRowEmitter n, string step, Value boxes, Value scores, Value? ids, SuppressionSize size) => n.Step(
        step, NnDetection.NonMaxSuppression, ids is null ? [boxes, scores] : [boxes, scores, ids],
        ("size", size.Places), ("iou_threshold", size.Overlap), ("score_threshold", size.Score), ("top_k", size.Best ?? -1));

    /// <summary>The rows of data [N, w] at these places, rows of -1 at those that hold none: [places, w].</summary>
    public static Value Chosen(IRowEmitter n, string step, Value data, Value places)
    {
        var none = Tensor.Zeros<float>(Shape.Of(1, data.Type.Shape[1]));
        Array.Fill(none.Data, -1f);
        var padded = n.Step($"{step}.padded", NnShape.Concat, [data, n.Floats($"{step}.none", none)], ("axis", 0));
        return n.Step(step, NnLookup.Take, [padded, places], ("axis", 0));
    }

    /// <summary>Columns begin..end of the last axis.</summary>
    public static Value Columns(IRowEmitter n, string step, Value data, int begin, int end)
    {
        var shape = data.Type.Shape;
        long[] begins = new long[shape.Rank], ends = [.. shape.Select(d => (long)d)], strides = new long[shape.Rank];
        Array.Fill(strides, 1);
        (begins[^1], ends[^1]) = (begin, end);
        return n.Step(step, NnShape.Slice, [data], ("begin", begins), ("end", ends), ("strides", strides));
    }

    //  x = anchor x + dx · share · anchor width      width = e^(dw · share) · anchor width      left = x - width / 2
    /// <summary>Corners [B, N, 4] of offsets [B, N, 4] (x, y, width, height) from anchors [1, N, 4] (middle x, y, width, height).</summary>
    public static Value Decoded(IRowEmitter n, string step, Value offsets, Value anchors, BoxCoding coding)
    {
        Value[] middles = new Value[2], halves = new Value[2];
        for (int axis = 0; axis < 2; axis++)
        {
            string name = $"{step}.{(axis == 0 ? "x" : "y")}";
            var at = Columns(n, $"{name}.anchor", anchors, axis, axis + 1);
            var length = Columns(n, $"{name}.size", anchors, axis + 2, axis + 3);
            var moved = n.Step($"{name}.moved", NnBinary.Mul,
                [Shared(n, $"{name}.offset", Columns(n, $"{name}.of", offsets, axis, axis + 1), coding.Shares[axis]), length]);
            middles[axis] = n.Step($"{name}.middle", NnBinary.Add, [moved, at]);
            var growth = Shared(n, $"{name}.growth", Columns(n, $"{name}.by", offsets, axis + 2, axis + 3), coding.Shares[axis + 2]);
            if (coding.MostGrowth is { } most)
                growth = n.Step($"{name}.limited", NnBinary.Min, [growth, n.Floats($"{name}.most", Tensor.Scalar((float)most))]);
            var grown = n.Step($"{name}.grown", NnBinary.Mul, [n.Step($"{name}.factor", NnUnary.Exp, [growth]), length]);
            halves[axis] = Shared(n, $"{name}.half", grown, 0.5);
        }
        return Corners(n, step, middles, halves);
    }

    /// <summary>Corners [..., 4] of boxes [..., 4] by middle, width and height.</summary>
    public static Value OfMiddles(IRowEmitter n, string step, Value boxes) => Corners(n, step,
        [Columns(n, $"{step}.x", boxes, 0, 1), Columns(n, $"{step}.y", boxes, 1, 2)],
        [
            Shared(n, $"{step}.half_width", Columns(n, $"{step}.width", boxes, 2, 3), 0.5),
            Shared(n, $"{step}.half_height", Columns(n, $"{step}.height", boxes, 3, 4), 0.5),
        ]);

    /// <summary>Middle, width and height [..., 4] of boxes by their corners.</summary>
    public static Value Middles(IRowEmitter n, string step, Value corners)
    {
        Value[] middles = new Value[2], lengths = new Value[2];
        for (int axis = 0; axis < 2; axis++)
        {
            string name = $"{step}.{(axis == 0 ? "x" : "y")}";
            Value from = Columns(n, $"{name}.from", corners, axis, axis + 1), to = Columns(n, $"{name}.to", corners, axis + 2, axis + 3);
            lengths[axis] = n.Step($"{name}.length", NnBinary.Sub, [to, from]);
            middles[axis] = Shared(n, $"{name}.middle", n.Step($"{name}.sum", NnBinary.Add, [from, to]), 0.5);
        }
        return Joined(n, step, [.. middles, .. lengths]);
    }

    private static Value Corners(IRowEmitter n, string step, Value[] middles, Value[] halves) => Joined(n, step,
        [
            n.Step($"{step}.left", NnBinary.Sub, [middles[0], halves[0]]), n.Step($"{step}.top", NnBinary.Sub, [middles[1], halves[1]]),
            n.Step($"{step}.right", NnBinary.Add, [middles[0], halves[0]]), n.Step($"{step}.bottom", NnBinary.Add, [middles[1], halves[1]]),
        ]);

    private static Value Joined(IRowEmitter n, string step, Value[] columns) =>
        n.Step(step, NnShape.Concat, columns, ("axis", columns[0].Type.Shape.Rank - 1));

    private static Value Shared(IRowEmitter n, string step, Value value, double share) => share == 1 ? value
        : n.Step(step, NnBinary.Mul, [value, n.Floats($"{step}.share", Tensor.Scalar((float)share))]);
}

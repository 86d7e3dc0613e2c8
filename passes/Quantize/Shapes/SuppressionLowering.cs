using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Shapes;

//  nn.non_max_suppression(boxes, scores, ids)   of N boxes   (passes/Quantize/README.md §18)
//  ⇒  all = [N - 1 - i, score, box + id · (reach + 1)]           the runtime's id is the row's number, so that it comes out again;
//                                                                boxes of different classes stand too far apart to overlap
//     counts, rows = cvm.get_valid_counts(all) {score_threshold = ⌊t · s⌋}
//     best = the first k rows of cvm.non_max_suppression(rows, clip(counts)) {iou_threshold = 101}       sorts, drops none
//     kept = cvm.non_max_suppression(best, clip(counts)) {force_suppress = true}
//     N - 1 - the first column of kept                          rows of -1, which fill up, become N
internal static class SuppressionLowering
{
    /// <summary>What a coordinate may have, so that no difference of two leaves 32 bits.</summary>
    private const int CoordinateBits = 30;

    /// <summary>Number, score, left, top, right, bottom.</summary>
    private const int Columns = 6;

    /// <summary>An overlap in percent that none reaches.</summary>
    private const int NoOverlap = 101;

    /// <summary>Of a percent: what a threshold, kept as f32, may be off.</summary>
    private const double Slack = 1e-4;

    /// <summary>Integers that mean rows, scores and coordinates side by side.</summary>
    private static readonly Scale Unit = Scale.PerTensor(1);

    public static readonly LoweringRule NonMaxSuppression = new(
        (op, index, _) => index == 2 ? IdDemand(op) : Demands.Covering(DemandPrecision.Wide, op.Operands[index]), Lower)
    {
        Refusal = Refused,
        Freedom = static (_, index, _) => index == 2 ? ScaleFreedom.Unit : ScaleFreedom.One,
    };

    private static Demand IdDemand(Operation op) =>
        new(Precisions.Of((long)Math.Ceiling(Math.Max(1, Demands.Threshold(op["ids"])))), 1);

    private static string? Refused(Operation op) =>
        op.Has("ids") && Demands.Threshold(op["ids"]) >= 1 << (CoordinateBits - DemandPrecision.Wide - 2)
            ? "the ids are so large that boxes of different classes cannot be moved apart within 32 bits" : null;

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        int count = op["boxes"].Type.Shape[0], size = (int)op.Int("size");
        var scores = quantizer.At(op["scores"], Demands.Covering(DemandPrecision.Wide, op["scores"]));
        Value[] columns = [Numbers(op, quantizer, count), Column(quantizer, scores, count), Boxes(op, quantizer)];
        var joined = quantizer.Emit(CvmShape.Concatenate, columns, Attributes.Of(("axis", 1)), Unit);
        var all = quantizer.Emit(CvmShape.Reshape, [joined], Attributes.Of(("shape", new[] { 1, count, Columns })), Unit);
        double least = Math.Floor(op.Float("score_threshold") * scores.Type.Scale!.Value);
        var valid = quantizer.EmitAll(CvmDetection.GetValidCounts, [all],
            Attributes.Of(("score_threshold", (long)Math.Clamp(least, -int.MaxValue, int.MaxValue))), Unit, Unit);
        var (rows, counts) = (valid[1], Counts(quantizer, valid[0], count));
        if (op.Int("top_k") is > 0 and var best && best < count)
        {
            rows = Head(quantizer, Suppressed(quantizer, rows, counts, NoOverlap, (int)best), (int)best);
            counts = Counts(quantizer, valid[0], (int)best);
        }
        var kept = Suppressed(quantizer, rows, counts, Percent(op, quantizer), size);
        return Places(op, quantizer, kept, count, size);
    }

    /// <summary>N - 1 - i: no row below 0, and what fills up, -1, becomes N when it is turned back.</summary>
    private static Value Numbers(Operation op, Quantizer quantizer, int count)
    {
        int[] numbers = [.. Enumerable.Range(0, count).Select(i => count - 1 - i)];
        return quantizer.Constant($"{quantizer.Name(op.Result)}.rows", Tensor.Create(Shape.Of(count, 1), numbers), Unit);
    }

    private static Value Column(Quantizer quantizer, Value data, int count) =>
        quantizer.Emit(CvmShape.Reshape, [data], Attributes.Of(("shape", new[] { count, 1 })), data.Type.Scale!);

    private static Value Boxes(Operation op, Quantizer quantizer)
    {
        var boxes = quantizer.At(op["boxes"], Demands.Covering(DemandPrecision.Wide, op["boxes"]));
        if (!op.Has("ids")) return boxes;
        var ids = Column(quantizer, quantizer.At(op["ids"], IdDemand(op)), boxes.Type.Shape[0]);
        var range = quantizer.Ranges[boxes].All;
        var reach = quantizer.Constant($"{quantizer.Name(op.Result)}.reach", Tensor.Vector((int)(range.Hi - range.Lo + 1)), Unit);
        var offsets = quantizer.Emit(CvmBinary.BroadcastMul, [ids, reach], null, boxes.Type.Scale!);
        return quantizer.Emit(CvmBinary.BroadcastAdd, [boxes, offsets], null, boxes.Type.Scale!);
    }

    /// <summary>At least 1: the devices disagree about none.</summary>
    private static Value Counts(Quantizer quantizer, Value counts, int most) =>
        quantizer.Emit(CvmUnary.Clip, [counts], Attributes.Of(("a_min", 1), ("a_max", Math.Max(2, most))), Unit);

    private static Value Suppressed(Quantizer quantizer, Value rows, Value counts, int percent, int size)
    {
        var attributes = Attributes.Of(("force_suppress", true), ("iou_threshold", percent));
        if (size < rows.Type.Shape[1]) attributes = attributes.With("max_output_size", size);
        return quantizer.Emit(CvmDetection.NonMaxSuppression, [rows, counts], attributes, Unit);
    }

    /// <summary>The first rows, or the first columns of them.</summary>
    private static Value Head(Quantizer quantizer, Value rows, int size, int columns = Columns) => quantizer.Emit(
        CvmShape.StridedSlice, [rows],
        Attributes.Of(("begin", new[] { 0, 0, 0 }), ("end", new[] { 1, size, columns }), ("stride", new[] { 1, 1, 1 })), Unit);

    private static Value Places(Operation op, Quantizer quantizer, Value kept, int count, int size)
    {
        var column = Head(quantizer, kept, size, columns: 1);
        var numbers = quantizer.Emit(CvmShape.Reshape, [column], Attributes.Of(("shape", new[] { size })), Unit);
        // What else is in the rows hides from a range of them all what their first column holds.
        var known = quantizer.Emit(CvmUnary.Clip, [numbers], Attributes.Of(("a_min", -1), ("a_max", Math.Max(1, count - 1))), Unit);
        var last = quantizer.Constant($"{quantizer.Name(op.Result)}.last", Tensor.Vector(count - 1), Unit);
        return quantizer.Emit(CvmBinary.BroadcastSub, [last, known], null, Unit);
    }

    /// <summary>The threshold in whole percent, 1 at least; the runtime drops what reaches it.</summary>
    private static int Percent(Operation op, Quantizer quantizer)
    {
        double percent = op.Float("iou_threshold") * 100, whole = Math.Clamp(Math.Round(percent), 1, NoOverlap);
        if (percent < NoOverlap && Math.Abs(percent - whole) > Slack)
            quantizer.Warn(QuantizeCodes.WholePercent, string.Create(CultureInfo.InvariantCulture,
                $"nn.non_max_suppression %{quantizer.Name(op.Result)}: an overlap of {percent:G6} % is taken as {whole} %"),
                "the CVM compares overlaps in whole percent, from 1 on");
        return (int)whole;
    }
}

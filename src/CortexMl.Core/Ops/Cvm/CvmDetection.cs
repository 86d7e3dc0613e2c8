using CortexMl.Ir;
using CortexMl.Ops.Ranges;

namespace CortexMl.Ops.Cvm;

/// <summary>The tail of detection networks. Source: CortexMl.Cvm/SPECIFICATION.md §8.1, §8.2; gas: §10.</summary>
public static class CvmDetection
{
    public static readonly OpSpec GetValidCounts = new("cvm.get_valid_counts")
    {
        Doc = "Per batch, how many rows score above a threshold, and those rows first, the rest -1",
        Operands = [new("data", "[B, N, K], K in 2..31; a row's element 1 is its score")],
        Attributes = [CvmAttr.Int("score_threshold", "scores above it count", 0)],
        Shapes = CountShapes,
        Elements = CountElements,
        Levels = Level.Quant | Level.Cvm,
        CvmName = "get_valid_counts",
        Results = 2,
        Ranges = [LookupIntervals.Counts, LookupIntervals.ValidRows],
    };

    /// <remarks>Divergent: the CPU device stops at an empty batch, overwrites its input and lets skipped rows suppress others.</remarks>
    public static readonly OpSpec NonMaxSuppression = new("cvm.non_max_suppression")
    {
        Doc = "Rows (id, score, x1, y1, x2, y2) by descending score without those that overlap a kept one; the rest -1",
        Operands = [new("data", "[B, N, 6]"), new("valid_count", "[B], leading rows that count")],
        Attributes =
        [
            CvmAttr.Int("max_output_size", "rows to keep, negative for all", -1),
            CvmAttr.Int("iou_threshold", "overlap in percent from which a row is dropped, above 0", 50),
            Attr.Bool("force_suppress", "whether rows of different ids suppress each other", false),
            CvmAttr.Int("top_k", "best-scored rows to look at, negative for all", -1),
            CvmAttr.Int("coord_start", "index of x1, 2", 2),
            CvmAttr.Int("score_index", "index of the score, 1", 1),
            CvmAttr.Int("id_index", "index of the id, 0", 0),
            Attr.Bool("return_indices", "false", false),
            Attr.Bool("invalid_to_bottom", "true", true),
        ],
        Shapes = CvmRules.Shape(SuppressionShape),
        Elements = CvmRules.SamePrecision,
        Levels = Level.Quant | Level.Cvm,
        Traits = OpTraits.SampleWise,
        Ranges = [LookupIntervals.ValidRows],
        Divergence = CvmDivergence.NonMaxSuppression,
        CvmName = "non_max_suppression",
        Cost = (op, _) => 20L * op.Shape(0)[0],
    };

    private static IReadOnlyList<Tensors.Shape> CountShapes(IOperation op)
    {
        CvmRules.CheckOperands(op);
        CvmRules.Rank(op, 0, 3);
        var data = op.Shape(0);
        CvmRules.InRange(op, "size of a row", data[2], 2, 31);
        return [Tensors.Shape.Of(data[0]), data];
    }

    private static IReadOnlyList<ElementType> CountElements(IOperation op, IReadOnlyList<Tensors.Shape> results)
    {
        CvmRules.CheckIntegers(op);
        var data = op.Shape(0);
        return [CvmRules.Element(op, Precisions.Bits((data.Count / data[0]) + 1) + 1), op.OperandType(0).Element];
    }

    private static long[] SuppressionShape(IOperation op)
    {
        CvmRules.Rank(op, 0, 3);
        CvmRules.Rank(op, 1, 1);
        var data = op.Shape(0);
        if (data[2] != 6) throw op.Logic($"data {data} where rows of 6 elements are needed");
        if (op.Shape(1)[0] != data[0]) throw op.Logic($"valid_count {op.Shape(1)} where [{data[0]}] is needed");
        foreach (string name in (string[])["coord_start", "score_index", "id_index", "return_indices", "invalid_to_bottom"])
        {
            if (op.Get(name) != op.Spec.Attribute(name)!.Default)
                throw op.Logic($"{name} = {op.Get(name)}, only {op.Spec.Attribute(name)!.Default} is allowed");
        }
        CvmRules.InRange(op, "iou_threshold", op.Int("iou_threshold"), 1, int.MaxValue);
        return CvmRules.Dims(data);
    }
}

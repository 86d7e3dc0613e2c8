using CortexMl.Ir;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows of the tail of detection networks.</summary>
public static class NnDetection
{
    /// <summary>
    /// Greedy suppression: of the boxes that score above score_threshold, best first and of equal ones the first, each is kept unless it
    /// overlaps a kept one of its class by more than iou_threshold. The result has the row numbers of those that are kept in the first
    /// places and N, a row that there is not, in the others: a padded form, since the number of results depends on the data.
    /// </summary>
    /// <remarks>
    /// The overlap is intersection / union of the areas between left, top, right and bottom in any unit; a box whose right or bottom stands
    /// before its left or top has no area.
    /// </remarks>
    public static readonly OpSpec NonMaxSuppression = new("nn.non_max_suppression")
    {
        Doc = "Row numbers of the boxes that no better one of their class covers, best first, then N in the places that are left",
        Operands =
        [
            new("boxes", "[N, 4]: left, top, right, bottom"), new("scores", "[N]"),
            new("ids", "[N], whole numbers: classes that leave each other alone; one class where left out", Arity.Optional),
        ],
        Attributes =
        [
            Int("size", "places of the result, 1..N", min: 1), Float("iou_threshold", "share of overlap above which a box is dropped", 0.5),
            Float("score_threshold", "scores above it count", 0.0), Int("top_k", "best-scored boxes to look at, negative for all", -1),
        ],
        Shapes = op =>
        {
            var boxes = op.Shape(0);
            if (boxes.Rank != 2 || boxes[1] != 4) throw op.Logic($"boxes {boxes} where rows of 4 numbers are needed", "expected [N, 4]");
            for (int operand = 1; operand < op.OperandCount; operand++) NnRule.Vector(op, operand, boxes[0], "boxes");
            if (op.Int("size") > boxes[0])
                throw op.Logic($"size = {op.Int("size")} is more than there are boxes", $"allowed: 1..{boxes[0]}");
            if (!(op.Float("iou_threshold") >= 0)) throw op.Logic($"iou_threshold = {op.Get("iou_threshold")} is below 0");
            if (op.Int("top_k") == 0) throw op.Logic("top_k = 0 looks at no box", "a negative number looks at all");
            return [NnRule.Make(op, op.Int("size"))];
        },
        Levels = Level.Float,
    };
}

using CortexMl.Frontends.Onnx.Schema;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using static CortexMl.Frontends.Onnx.Export.OnnxRow;

namespace CortexMl.Frontends.Onnx.Export;

/// <summary>
/// Rows of detection. NonMaxSuppression of ONNX has no best k, so TopK stands in front, and knows classes only as rows of scores, so boxes
/// of different classes are moved apart. Its result is padded behind it.
/// </summary>
internal static class DetectionRows
{
    public static IReadOnlyDictionary<OpSpec, Action<OnnxRow>> All { get; } = new Dictionary<OpSpec, Action<OnnxRow>>
    {
        [NnDetection.NonMaxSuppression] = NonMaxSuppression,
    };

    private static void NonMaxSuppression(OnnxRow row)
    {
        int count = row.Op.Shape(0)[0], size = row.ResultShape[0];
        int best = row.Op.Int("top_k") is > 0 and var k && k < count ? (int)k : count;
        string boxes = Upright(row, row.Op.Has("ids") ? Apart(row) : row.Operand(0));
        var (scores, order) = best < count ? Best(row, best) : (row.Operand(1), null);
        if (order is not null) boxes = row.Step("Gather", [boxes, order], Attribute("axis", 0));
        string kept = row.Step("NonMaxSuppression",
            [
                row.Step("Reshape", [boxes, row.Ints(1, best, 4)]), row.Step("Reshape", [scores, row.Ints(1, 1, best)]), row.Int(size),
                row.Float(Math.Min(1, row.Op.Float("iou_threshold"))), row.Float(row.Op.Float("score_threshold")),
            ]);
        string rows = row.Step("Squeeze", [row.Step("Slice", [kept, row.Ints(2), row.Ints(3), row.Ints(1)]), row.Ints(1)]);
        if (order is not null) rows = row.Step("Gather", [order, rows], Attribute("axis", 0));
        long[] none = new long[size];
        Array.Fill(none, count);
        string padded = row.Step("Concat", [rows, row.Ints(none)], Attribute("axis", 0));
        string places = row.Step("Slice", [padded, row.Ints(0), row.Ints(size), row.Ints(0)]);
        row.Emit("Cast", [places], Attribute("to", (long)TensorProto.Types.DataType.Float));
    }

    /// <summary>A box whose right or bottom stands before its left or top has no area; NonMaxSuppression would turn it round.</summary>
    private static string Upright(OnnxRow row, string boxes)
    {
        string first = row.Step("Slice", [boxes, row.Ints(0), row.Ints(2), row.Ints(1)]);
        string last = row.Step("Slice", [boxes, row.Ints(2), row.Ints(4), row.Ints(1)]);
        return row.Step("Concat", [first, row.Step("Max", [first, last])], Attribute("axis", 1));
    }

    private static (string Scores, string Order) Best(OnnxRow row, int count)
    {
        string[] outputs = row.Steps("TopK", [row.Operand(1), row.Ints(count)], 2, Attribute("axis", 0));
        return (outputs[0], outputs[1]);
    }

    //  boxes + id · (max - min + 1)
    private static string Apart(OnnxRow row)
    {
        string most = row.Step("ReduceMax", [row.Operand(0)], Attribute("keepdims", 0));
        string least = row.Step("ReduceMin", [row.Operand(0)], Attribute("keepdims", 0));
        string reach = row.Step("Add", [row.Step("Sub", [most, least]), row.Float(1)]);
        string offsets = row.Step("Unsqueeze", [row.Step("Mul", [row.Operand(2), reach]), row.Ints(1)]);
        return row.Step("Add", [row.Operand(0), offsets]);
    }
}

using System.Globalization;
using CortexMl.Frontends.Onnx.Import;
using CortexMl.Frontends.Onnx.Known;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.Onnx.Ops;

/// <summary>Suppression of boxes.</summary>
internal static class OnnxDetectionOps
{
    /// <summary>Suppressions that one node becomes: of each class of each image one.</summary>
    private const int MostSuppressions = 256;

    /// <summary>Below every score.</summary>
    private const double NoThreshold = -1e30;

    public static readonly OnnxOp[] Rows =
    [
        new("NonMaxSuppression",
            "nn.non_max_suppression of each class; constant limits; always as many rows as may be, (-1, -1, -1) in those that are left")
        {
            Import = NonMaxSuppression,
        },
    ];

    //  how many boxes are kept depends on the data, and shapes do not: of each class max_output_boxes_per_class rows
    private static Entry[] NonMaxSuppression(OnnxNode n)
    {
        var (boxes, scores) = (n.Shape(0), n.Shape(1));
        if (boxes.Rank != 3 || boxes[2] != 4 || scores.Rank != 3 || scores[0] != boxes[0] || scores[2] != boxes[1])
            throw n.Mismatch($"boxes {boxes} and scores {scores} do not fit", "expected [B, N, 4] and [B, C, N]");
        if ((long)scores[0] * scores[1] > MostSuppressions)
            throw n.Refused($"scores {scores}: each class of each image would be a suppression of its own, and the most is {MostSuppressions}",
                "end the model before it, or take the best class of each box first");
        double most = n.Has(2) ? n.Number(2, "max_output_boxes_per_class") : 0;
        if (!(most >= 1))
            throw n.Refused("max_output_boxes_per_class is 0, so that nothing is kept", "give it the boxes to keep of each class");
        var size = new SuppressionSize(n.Has(3) ? n.Number(3, "iou_threshold") : 0, n.Has(4) ? n.Number(4, "score_threshold") : NoThreshold,
            Best: null, (int)Math.Min(most, boxes[1]));
        int rows = scores[0] * scores[1] * size.Places;
        n.Warn(string.Create(CultureInfo.InvariantCulture, $"its number of results depends on the data; here it is always {rows}: ")
            + "rows that hold no box are (-1, -1, -1), and what is gathered by them is that of box 0",
            "return its result, or a score that is gathered by it, and leave out such rows behind the network");
        var corners = n.Attributes.Int("center_point_box", 0) == 0 ? Ordered(n, n.Data(0)) : BoxRows.OfMiddles(n, "corners", n.Data(0));
        Value[] parts = [.. from b in Enumerable.Range(0, scores[0])
                            from c in Enumerable.Range(0, scores[1])
                            select Class(n, corners, b, c, size)];
        var kept = parts.Length == 1 ? n.Emit(NnUnary.Identity, parts) : n.Emit(NnShape.Concat, parts, ("axis", 0));
        return [Entry.Of(n.OutputName(0), kept, DType.I64)];
    }

    /// <summary>Any two corners that lie across, as the first and the last.</summary>
    private static Value Ordered(OnnxNode n, Value boxes)
    {
        Value[] corners = [.. new[] { NnBinary.Min, NnBinary.Max }.SelectMany((row, side) => Enumerable.Range(0, 2).Select(axis => n.Step(
            $"side{side}.axis{axis}", row,
            [Column(n, boxes, side, axis), Column(n, boxes, side, axis + 2)])))];
        return n.Step("corners", NnShape.Concat, corners, ("axis", 2));
    }

    private static Value Column(OnnxNode n, Value boxes, int side, int at) =>
        BoxRows.Columns(n, $"side{side}.column{at}", boxes, at, at + 1);

    //  the number of an image, a class or a box, plus 1, times whether there is one, less 1
    private static Value Class(OnnxNode n, Value corners, int batch, int label, SuppressionSize size)
    {
        int count = corners.Type.Shape[1];
        string name = string.Create(CultureInfo.InvariantCulture, $"batch{batch}.class{label}");
        var boxes = n.Reshaped($"{name}.boxes", Sample($"{name}.batch", corners, batch, 0), Shape.Of(count, 4));
        var scores = n.Reshaped($"{name}.scores", Sample($"{name}.row", n.Data(1), batch, label), Shape.Of(count));
        var places = BoxRows.Kept(n, $"{name}.places", boxes, scores, null, size);
        var isOne = n.Step($"{name}.is_one", NnBinary.Greater, [n.Floats($"{name}.last", Tensor.Scalar(count - 0.5f)), places]);
        var one = n.Floats($"{name}.one", Tensor.Scalar(1f));
        var numbers = n.Step($"{name}.numbers", NnBinary.Mul, [n.Step($"{name}.from_one", NnBinary.Add, [places, one]), isOne]);
        Value[] columns = [Numbered("image", batch), Numbered("class", label), Lowered("box", numbers)];
        return n.Step(name, NnShape.Concat, columns, ("axis", 1));

        Value Sample(string step, Value data, int b, int row)
        {
            // Of scores one row, of boxes all that the batch has.
            bool isRow = data.Type.Shape[2] == count && data != corners;
            int[] begin = [b, isRow ? row : 0, 0], end = [b + 1, isRow ? row + 1 : data.Type.Shape[1], data.Type.Shape[2]];
            return n.Step(step, NnShape.Slice, [data], ("begin", begin), ("end", end), ("strides", new[] { 1, 1, 1 }));
        }

        Value Numbered(string what, int number) => Lowered(what,
            n.Step($"{name}.{what}.from_one", NnBinary.Mul, [isOne, n.Floats($"{name}.{what}.number", Tensor.Scalar(number + 1f))]));

        Value Lowered(string what, Value value) => n.Reshaped($"{name}.{what}.column",
            n.Step($"{name}.{what}", NnBinary.Sub, [value, one]), Shape.Of(size.Places, 1));
    }
}

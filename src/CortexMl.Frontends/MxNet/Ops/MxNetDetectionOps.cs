using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>The heads of SSD and YOLO: anchors, decoding of boxes, suppression.</summary>
internal static class MxNetDetectionOps
{
    private const string Corner = "corner", Center = "center";

    public static readonly MxNetOp[] Rows =
    [
        new("_contrib_box_nms", "_contrib_box_non_maximum_suppression", "_npx_box_nms")
        {
            Doc = "nn.non_max_suppression, then nn.take of each column; rows of -1 fill up",
            Attributes =
            [
                new("overlap_thresh", "0.5"), new("valid_thresh", "0"), new("topk", "-1"), new("coord_start", "2"), new("score_index", "1"),
                new("id_index", "-1"), new("background_id", "-1"), new("force_suppress", "False"), new("in_format", Corner),
                new("out_format", Corner, "that of in_format"),
            ],
            Import = BoxNms.Import,
        },
        new("_contrib_MultiBoxPrior", "MultiBoxPrior")
        {
            Doc = "a constant: corners of anchors, in shares of the image",
            Attributes =
            [
                new("sizes", "(1,)"), new("ratios", "(1,)"), new("clip", "False"), new("steps", "(-1, -1)"), new("offsets", "(0.5, 0.5)"),
            ],
            Import = Anchors,
        },
        new("_contrib_MultiBoxDetection", "MultiBoxDetection")
        {
            Doc = "the largest score of a class but the first and its index, decoded boxes, nn.non_max_suppression; "
                + "what is suppressed is left out",
            Data = ["cls_prob", "loc_pred", "anchor"],
            Attributes =
            [
                new("clip", "True"), new("threshold", "0.01"), new("background_id", "0", "0"),
                new("nms_threshold", "0.5", "above 0, up to 1"), new("force_suppress", "False"), new("variances", "(0.1, 0.1, 0.2, 0.2)"),
                new("nms_topk", "-1"),
            ],
            Import = Detection,
        },
        new("_contrib_box_decode")
        {
            Doc = "anchors moved by shares of their size, and grown by nn.exp",
            Data = ["data", "anchors"],
            Attributes =
            [
                new("std0", "1"), new("std1", "1"), new("std2", "1"), new("std3", "1"), new("clip", "-1"), new("format", Center),
            ],
            Import = Decode,
        },
    ];

    //  of each pixel of [N, C, H, W] in shares of the image: one box for each size, then one of the first size for each further ratio
    private static Value[] Anchors(NodeImport n)
    {
        if (n.Rank != 4) throw n.Mismatch($"data has rank {n.Rank} where [N, C, H, W] is needed");
        var a = n.Attributes;
        double[] sizes = Numbers("sizes"), ratios = Numbers("ratios"), steps = Two("steps"), offsets = Two("offsets");
        if (sizes.Length == 0 || ratios.Length == 0 || Array.Exists(ratios, r => r <= 0))
            throw a.Unsupported("sizes, ratios", "at least one each, ratios above 0");
        int height = n.Data().Type.Shape[2], width = n.Data().Type.Shape[3], count = sizes.Length + ratios.Length - 1;
        double stepY = steps[0] > 0 ? steps[0] : 1.0 / height, stepX = steps[1] > 0 ? steps[1] : 1.0 / width;
        bool clip = a.Bool("clip");
        return [n.Filled([1, (long)height * width * count, 4], Element)];

        double Element(int i)
        {
            int box = i / 4, anchor = box % count, pixel = box / count, axis = i % 2;
            double size = anchor < sizes.Length ? sizes[anchor] : sizes[0];
            double root = anchor < sizes.Length ? 1 : Math.Sqrt(ratios[anchor - sizes.Length + 1]);
            double middle = axis == 0 ? (pixel % width + offsets[1]) * stepX : (pixel / width + offsets[0]) * stepY;
            double half = (axis == 0 ? size * height / width * root : size / root) / 2;
            double at = i % 4 < 2 ? middle - half : middle + half;
            return clip ? Math.Clamp(at, 0, 1) : at;
        }

        double[] Numbers(string name) => a.Floats(name);
        double[] Two(string name) => a.Floats(name) is { Length: 2 } two ? two : throw a.Unsupported(name, "two numbers, y and x");
    }

    private static Value[] Detection(NodeImport n)
    {
        var a = n.Attributes;
        a.Require("background_id", "0");
        double overlap = a.Float("nms_threshold");
        if (overlap is not (> 0 and <= 1)) throw a.Unsupported("nms_threshold", "above 0, up to 1");
        if (a.Floats("variances") is not { Length: 4 } shares) throw a.Unsupported("variances", "four numbers");
        Shape scores = n.Data(0).Type.Shape, offsets = n.Data(1).Type.Shape;
        var anchor = n.Data(2).Type.Shape;
        if (scores.Rank != 3 || scores[1] < 2 || offsets.Count != (long)scores[0] * scores[2] * 4 || anchor.Count != 4L * scores[2])
            throw n.Mismatch($"cls_prob {scores}, loc_pred {offsets} and anchor {anchor} do not fit",
                "expected [B, classes, N], [B, 4N] and [1, N, 4]");
        int batches = scores[0], count = scores[2];
        var anchors = BoxRows.Middles(n, "anchors", n.Reshaped("corners", n.Data(2), Shape.Of(1, count, 4)));
        var boxes = BoxRows.Decoded(n, "boxes", n.Reshaped("offsets", n.Data(1), Shape.Of(batches, count, 4)), anchors, new(shares));
        if (a.Bool("clip")) boxes = n.Step("inside", NnUnary.Clip, [boxes], ("min", 0.0), ("max", 1.0));
        var classes = n.Step("classes", NnShape.Slice, [n.Data(0)],
            ("begin", new[] { 0, 1, 0 }), ("end", new[] { batches, scores[1], count }), ("strides", new[] { 1, 1, 1 }));
        var best = n.Step("best", NnReduce.Max, [classes], ("axes", new[] { 1 }));
        var ids = IndexRows.Largest(n, classes, 1, false, false, (row, operands) => n.Step("ids", row, operands));
        var joined = n.Step("rows", NnShape.Concat,
            [
                n.Reshaped("ids.column", ids, Shape.Of(batches, count, 1)), n.Reshaped("best.column", best, Shape.Of(batches, count, 1)),
                boxes,
            ],
            ("axis", 2));
        int topk = a.Int("nms_topk");
        return [BoxNms.Of(n, joined, new(0, 1, 2, Background: null, a.Bool("force_suppress"), IsCenter: false),
            new(overlap, a.Float("threshold"), topk > 0 && topk < count ? topk : null, topk > 0 ? Math.Min(topk, count) : count))];
    }

    private static Value[] Decode(NodeImport n)
    {
        var a = n.Attributes;
        Shape data = n.Data(0).Type.Shape, anchor = n.Data(1).Type.Shape;
        if (data.Rank != 3 || data[2] != 4 || anchor.Count != 4L * data[1])
            throw n.Mismatch($"data {data} and anchors {anchor} do not fit", "expected [B, N, 4] and [1, N, 4]");
        var anchors = n.Reshaped("lined", n.Data(1), Shape.Of(1, data[1], 4));
        if (a.Choice("format", Center, Corner) == Corner) anchors = BoxRows.Middles(n, "anchors", anchors);
        double clip = a.Float("clip");
        double[] shares = [.. Enumerable.Range(0, 4).Select(i => a.Float($"std{i}"))];
        return [BoxRows.Decoded(n, "boxes", n.Data(0), anchors, new(shares, clip > 0 ? clip : null))];
    }
}

using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Frontends.MxNet.Ops;

/// <summary>Which columns of a row are what.</summary>
/// <param name="Id">Null where rows have no class.</param>
/// <param name="Coordinates">The first of four.</param>
/// <param name="Background">Rows of this class are none; null where there is none such.</param>
/// <param name="Forces">Whether boxes of different classes suppress each other.</param>
/// <param name="IsCenter">Whether the coordinates are middle, width and height, not corners.</param>
internal sealed record BoxColumns(int? Id, int Score, int Coordinates, double? Background, bool Forces, bool IsCenter);

//  rows [N, 6], ids, scores and boxes being columns of them
//  ⇒  places = nn.non_max_suppression(boxes, scores, ids)
//     nn.take(ids, places), nn.take(scores, places), nn.take(boxes, places), side by side, and rows of -1 behind them
//
// Column by column, so that in integers each keeps a scale of its own as far as nobody joins them.
/// <summary>Suppression of rows of class, score and coordinates, as _contrib_box_nms does it.</summary>
internal static class BoxNms
{
    private const int Box = 4;

    public static Value[] Import(NodeImport n)
    {
        var a = n.Attributes;
        var data = n.Data().Type.Shape;
        if (data.Rank < 2) throw n.Mismatch($"data {data} where rows [..., N, K] are needed");
        int width = data[^1], count = data[^2], topk = a.Int("topk");
        if (topk == 0) return [n.Emit(NnUnary.Identity, [n.Data()])];
        string format = a.Choice("in_format", "corner", "center");
        a.Require("out_format", format);
        if (width <= Box) throw n.Mismatch($"rows of {Counted.Of(width, "number")} where a score and four coordinates are needed");
        int id = a.Int("id_index", int.MinValue, width - 1);
        int? column = id >= 0 ? id : null;
        var columns = new BoxColumns(
            Id: column, Score: a.Int("score_index", 0, width - 1), Coordinates: a.Int("coord_start", 0, width - Box),
            Background: column is null ? null : a.Float("background_id"), Forces: a.Bool("force_suppress"), IsCenter: format == "center");
        int[] used = [.. Enumerable.Range(columns.Coordinates, Box), columns.Score, .. column is { } c ? new[] { c } : []];
        if (used.Distinct().Count() != used.Length)
            throw n.Mismatch($"coordinates from {columns.Coordinates} on, score at {columns.Score} and id at {id} name a column twice");
        var rows = n.Reshaped("rows", n.Data(), Shape.Of((int)(data.Count / ((long)count * width)), count, width));
        int? best = topk > 0 && topk < count ? topk : null;
        return [Of(n, rows, columns, new(a.Float("overlap_thresh"), a.Float("valid_thresh"), best, best ?? count), data)];
    }

    /// <summary>The node's result, of rows [B, N, K].</summary>
    /// <param name="shape">Of the result; that of the rows where left out.</param>
    public static Value Of(NodeImport n, Value rows, BoxColumns columns, SuppressionSize size, Shape? shape = null)
    {
        var from = rows.Type.Shape;
        Value[] batches = [.. Enumerable.Range(0, from[0]).Select(b => Batch(n, rows, b, columns, size))];
        var joined = batches.Length == 1 ? batches[0] : n.Step("batches", NnShape.Concat, batches, ("axis", 0));
        return n.Emit(NnShape.Reshape, [joined], ("shape", shape ?? from));
    }

    private static Value Batch(NodeImport n, Value rows, int batch, BoxColumns columns, SuppressionSize size)
    {
        var (shape, name) = (rows.Type.Shape, rows.Type.Shape[0] == 1 ? "" : $"batch{batch}.");
        int count = shape[1], width = shape[2];
        var sample = shape[0] == 1 ? rows : n.Step($"{name}rows", NnShape.Slice, [rows],
            ("begin", new[] { batch, 0, 0 }), ("end", new[] { batch + 1, count, width }), ("strides", new[] { 1, 1, 1 }));
        sample = n.Reshaped($"{name}lined", sample, Shape.Of(count, width));
        var boxes = BoxRows.Columns(n, $"{name}boxes", sample, columns.Coordinates, columns.Coordinates + Box);
        if (columns.IsCenter) boxes = BoxRows.OfMiddles(n, $"{name}corners", boxes);
        var scores = Column(n, $"{name}scores", sample, columns.Score);
        var ids = columns.Id is { } id ? Column(n, $"{name}ids", sample, id) : null;
        if (ids is not null && columns.Background is { } background) scores = Foreground(n, name, scores, ids, background, size.Score);
        var places = BoxRows.Kept(n, $"{name}places", boxes, scores, columns.Forces ? null : ids, size);
        var parts = Blocks(width, columns).Select(block => BoxRows.Chosen(n, $"{name}kept{block.Begin}",
            BoxRows.Columns(n, $"{name}part{block.Begin}", sample, block.Begin, block.End), places)).ToArray();
        var joined = parts.Length == 1 ? parts[0] : n.Step($"{name}kept", NnShape.Concat, parts, ("axis", 1));
        return size.Places == count ? joined : n.Step($"{name}filled", NnShape.Pad, [joined],
            ("before", new[] { 0, 0 }), ("after", new[] { count - size.Places, 0 }), ("value", -1.0));
    }

    private static Value Column(NodeImport n, string step, Value rows, int at) =>
        n.Reshaped(step, BoxRows.Columns(n, $"{step}.column", rows, at, at + 1), Shape.Of(rows.Type.Shape[0]));

    /// <summary>Scores of the background come below the threshold.</summary>
    private static Value Foreground(NodeImport n, string name, Value scores, Value ids, double background, double least)
    {
        var counts = TruthRows.NotEqual(n, ids, n.Floats($"{name}background", Tensor.Scalar((float)background)),
            (row, operands) => n.Step($"{name}foreground", row, operands), new(A: true, B: true));
        return least >= 0 ? n.Step($"{name}counted", NnBinary.Mul, [scores, counts])
            : n.Step($"{name}counted", NnLookup.Where, [counts, scores, n.Floats($"{name}below", Tensor.Scalar((float)(least - 1)))]);
    }

    /// <summary>Columns of one meaning, and those between them, in their order.</summary>
    private static IEnumerable<(int Begin, int End)> Blocks(int width, BoxColumns columns)
    {
        int[] edges = [0, columns.Score, columns.Score + 1, columns.Coordinates, columns.Coordinates + Box,
            .. columns.Id is { } id ? new[] { id, id + 1 } : [], width];
        int[] sorted = [.. edges.Distinct().Order()];
        return sorted.Zip(sorted.Skip(1));
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;
using CortexMl.Tests.Support;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.Import.OnnxText;

namespace CortexMl.Tests.Frontends.Onnx;

/// <summary>
/// Suppression as ONNX Runtime does it, and ONNX's own operator as an imported model has it: beside a definition of the tests' own.
/// </summary>
public class DetectionExportTests
{
    private const double Overlap = 0.45;

    [Theory]
    [InlineData(1, 30, -1, 0)]
    [InlineData(3, 12, -1, 20)]
    [InlineData(3, 9, 15, 0)]
    [InlineData(2, 30, 1, 0)]
    public void Non_max_suppression(int classes, int size, int best, double least)
    {
        for (int seed = 0; seed < 3; seed++)
        {
            var boxes = BoxSelection.Drawn(seed, 30, classes, 127, Overlap);
            var attributes = Attributes.Of(
                ("size", size), ("top_k", best), ("iou_threshold", Overlap), ("score_threshold", least));
            var kept = BoxSelection.Kept(boxes, Overlap, least, best > 0 ? best : null).Take(size).Select(b => (double)b.Row);
            OneRow.Equal([.. kept.Concat(Enumerable.Repeat(30.0, size)).Take(size)], OneRow.Run(
                NnDetection.NonMaxSuppression, attributes, Corners(boxes), OneRow.Vector([.. boxes.Select(b => (float)b.Score)]),
                OneRow.Vector([.. boxes.Select(b => (float)b.Class)])));
        }
    }

    // Of two classes three rows each; the second class has one box above the threshold.
    [Fact]
    public void Rows_that_hold_no_box_are_minus_one()
    {
        var boxes = BoxSelection.Drawn(2, 8, 1, 127, Overlap);
        float[] scores = [.. boxes.Select(b => (float)b.Score), .. boxes.Select(b => b.Row == 5 ? 50f : 1f)];
        var model = Model(13, [1, 8, 4], Node("NonMaxSuppression", "x s most overlap least", "y")).With(
            Floats("s", [1, 2, 8], scores), Longs("most", 3), Floats("overlap", [1], (float)Overlap), Floats("least", [1], 10));
        var graph = model.Import();
        var found = NaiveEvaluator.Run(graph, [Tensor.Create(Shape.Of(1, 8, 4), Array.ConvertAll(Corners(boxes).Data, v => (double)v))])[0];
        double[] first = [.. BoxSelection.Kept(boxes, Overlap, 10).Take(3).SelectMany(b => new double[] { 0, 0, b.Row })];
        Assert.Equal([.. first, .. Enumerable.Repeat(-1.0, 9 - first.Length), 0, 1, 5, -1, -1, -1, -1, -1, -1], found.Data);
    }

    private static Tensor<float> Corners(List<ScoredBox> boxes) => Tensor.Create(
        Shape.Of(boxes.Count, 4), [.. boxes.SelectMany(b => new[] { b.Left, b.Top, b.Right, b.Bottom }).Select(v => (float)v)]);
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnDetection"/>.</summary>
internal static class FloatDetectionKernels
{
    public static IReadOnlyDictionary<OpSpec, FloatKernel> All { get; } = new Dictionary<OpSpec, FloatKernel>
    {
        [NnDetection.NonMaxSuppression] = NonMaxSuppression,
    };

    private static double[] NonMaxSuppression(IOperation op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        double[] boxes = operands[0].Data, scores = operands[1].Data;
        double[]? ids = operands.Count > 2 ? operands[2].Data : null;
        double overlap = op.Float("iou_threshold"), least = op.Float("score_threshold");
        var order = Enumerable.Range(0, scores.Length).Where(i => scores[i] > least).OrderByDescending(i => scores[i]);
        var kept = new List<int>();
        foreach (int i in op.Int("top_k") is > 0 and var best ? order.Take((int)Math.Min(best, scores.Length)) : order)
        {
            if (kept.Count == result.Count) break;
            if (!kept.Exists(k => (ids is null || ids[k] == ids[i]) && Overlap(boxes, k, i) > overlap)) kept.Add(i);
        }
        var places = new double[checked((int)result.Count)];
        Array.Fill(places, scores.Length);
        for (int k = 0; k < kept.Count; k++) places[k] = kept[k];
        return places;
    }

    private static double Overlap(double[] boxes, int a, int b)
    {
        double common = Length(Math.Max(boxes[4 * a], boxes[4 * b]), Math.Min(boxes[4 * a + 2], boxes[4 * b + 2]))
            * Length(Math.Max(boxes[4 * a + 1], boxes[4 * b + 1]), Math.Min(boxes[4 * a + 3], boxes[4 * b + 3]));
        double union = Area(boxes, a) + Area(boxes, b) - common;
        return union > 0 ? common / union : 0;
    }

    private static double Area(double[] boxes, int i) =>
        Length(boxes[4 * i], boxes[4 * i + 2]) * Length(boxes[4 * i + 1], boxes[4 * i + 3]);

    private static double Length(double from, double to) => Math.Max(0, to - from);
}

using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Passes.Quantize.Shapes;

//  %1 = nn.reduce_mean(%0) {axes}   ⇒   %1 = cvm.sum(%0) {axis}   at k times the scale: the consumer's multiplier carries the 1/k
internal static class ReduceLowering
{
    public static readonly LoweringRule GlobalAverage =
        new(SumDemand, (op, quantizer) => Sum(op, quantizer, [2, 3], keepDims: true, mean: true));

    public static readonly LoweringRule Mean =
        new(SumDemand, (op, quantizer) => Sum(op, quantizer, Axes(op), op.Bool("keepdims"), mean: true));

    public static readonly LoweringRule SumOf =
        new(SumDemand, (op, quantizer) => Sum(op, quantizer, Axes(op), op.Bool("keepdims"), mean: false));

    public static readonly LoweringRule Max = new((op, _, demands) => demands.Of(op.Result), (op, quantizer) =>
    {
        var data = quantizer.At(op["data"], quantizer.Demands.Of(op.Result));
        return PortableReduction.Emit(quantizer, CvmReduce.Max, data, Axes(op), op.Bool("keepdims"), data.Type.Scale!);
    })
    {
        Freedom = static (_, _, _) => ScaleFreedom.HandedOn,
    };

    /// <summary>As many bits as leave the sum within 31.</summary>
    private static Demand? SumDemand(Operation op, int index, Demands demands) =>
        Demands.Covering(Math.Max(DemandPrecision.Data, Math.Min(DemandPrecision.Wide, 31 - Precisions.Bits(Terms(op)))), op["data"]);

    private static Value Sum(Operation op, Quantizer quantizer, IReadOnlyList<int> axes, bool keepDims, bool mean)
    {
        var data = quantizer.Within(op["data"], SumDemand(op, 0, quantizer.Demands)!.Value);
        double scale = data.Type.Scale!.Value * (mean ? Terms(op) : 1);
        return PortableReduction.Emit(quantizer, CvmReduce.Sum, data, axes, keepDims, Scale.PerTensor(scale));
    }

    private static long Terms(Operation op) => Math.Max(1, op["data"].Type.Shape.Count / Math.Max(1, op.Result.Type.Shape.Count));

    private static int[] Axes(Operation op)
    {
        var shape = op["data"].Type.Shape;
        var listed = op.Ints("axes");
        return [.. Enumerable.Range(0, shape.Rank).Where(axis => listed.Any(a => shape.Axis(a) == axis))];
    }
}

using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Passes.Quantize;

//  %1 = nn.reduce_mean(%0) {axes}   ⇒   %1 = cvm.sum(%0) {axis}   at k times the scale: the consumer's multiplier carries the 1/k
internal static class ReduceLowering
{
    public static readonly LoweringRule GlobalAverage =
        new(SumDemand, (op, lowering) => Sum(op, lowering, [2, 3], keepDims: true, mean: true));

    public static readonly LoweringRule Mean =
        new(SumDemand, (op, lowering) => Sum(op, lowering, Axes(op), op.Context.Bool("keepdims"), mean: true));

    public static readonly LoweringRule SumOf =
        new(SumDemand, (op, lowering) => Sum(op, lowering, Axes(op), op.Context.Bool("keepdims"), mean: false));

    public static readonly LoweringRule Max = new((op, _, demands) => demands.Of(op.Result), (op, lowering) =>
    {
        var data = lowering.At(op.Operands[0], lowering.Demands.Of(op.Result));
        return Reduction.Emit(lowering, CvmReduce.Max, data, Axes(op), op.Context.Bool("keepdims"), data.Type.Scale!);
    });

    /// <summary>As many bits as leave the sum within 31.</summary>
    private static Demand? SumDemand(Operation op, int index, Demands demands) =>
        Demands.Covering(Math.Max(Precision.Data, Math.Min(Precision.Wide, 31 - Precisions.Bits(Terms(op)))), op.Operands[0]);

    private static Value Sum(Operation op, Lowering lowering, IReadOnlyList<int> axes, bool keepDims, bool mean)
    {
        var data = lowering.Within(op.Operands[0], SumDemand(op, 0, lowering.Demands)!.Value);
        double scale = data.Type.Scale!.Value * (mean ? Terms(op) : 1);
        return Reduction.Emit(lowering, CvmReduce.Sum, data, axes, keepDims, Scale.PerTensor(scale));
    }

    private static long Terms(Operation op) => Math.Max(1, op.Operands[0].Type.Shape.Count / Math.Max(1, op.Result.Type.Shape.Count));

    private static int[] Axes(Operation op)
    {
        var shape = op.Operands[0].Type.Shape;
        var listed = op.Context.Ints("axes");
        return [.. Enumerable.Range(0, shape.Rank).Where(axis => listed.Any(a => shape.Axis(a) == axis))];
    }
}

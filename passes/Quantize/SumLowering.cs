using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

//  %2 = nn.add(%0, %1)   ⇒   %2 = cvm.elemwise_add(%0 as i16 @ s, %1 as i16 @ s)   at one scale s that covers both thresholds: i17 @ s
//
// A constant added to a scaled value whose consumers' shift is already known (batch normalisation) joins it before that shift:
//  nn.add(nn.mul(%0, @c), @d)   ⇒   cvm.broadcast_add(cvm.broadcast_mul(%0, @m), @d · s)
internal static class SumLowering
{
    public static readonly LoweringRule Add = new(DemandOf, (op, lowering) =>
        AddedConstant(op, lowering) ?? Emit(op, lowering, CvmBinary.ElemwiseAdd, CvmBinary.BroadcastAdd));

    public static readonly LoweringRule Sub =
        new(DemandOf, (op, lowering) => Emit(op, lowering, CvmBinary.ElemwiseSub, CvmBinary.BroadcastSub));

    public static readonly LoweringRule Max =
        new(Common, (op, lowering) => Emit(op, lowering, CvmBinary.BroadcastMax, CvmBinary.BroadcastMax));

    // min(a, b) = -max(-a, -b)
    public static readonly LoweringRule Min = new(Common, (op, lowering) =>
    {
        var demand = Common(op, 0, lowering.Demands)!.Value;
        var scale = Scale.PerTensor(demand.Scale);
        Value[] negated = [.. op.Operands.Select(o => lowering.Emit(CvmUnary.Negative, [lowering.At(o, demand)], null, scale))];
        return lowering.Emit(CvmUnary.Negative, [lowering.Emit(CvmBinary.BroadcastMax, negated, null, scale)], null, scale);
    });

    /// <summary>Whether this is the addition behind a scaling that takes the sum's demand as its own.</summary>
    private static bool FollowsScaling(Operation op) =>
        op.Spec == NnBinary.Add && op.Operands[1].IsConstant && op.Operands[0] is { HasOneUse: true, Producer: { } producer }
            && ScalingLowering.IsScaling(producer);

    private static Demand? DemandOf(Operation op, int index, Demands demands) =>
        FollowsScaling(op) && index == 0 ? demands.Of(op.Result) : Common(op, index, demands);

    private static Demand? Common(Operation op, int index, Demands demands) =>
        Demand.Covering(Precision.Wide, op.Operands.Max(Demands.Threshold));

    private static Value Emit(Operation op, Lowering lowering, OpSpec elementwise, OpSpec broadcast)
    {
        var demand = Common(op, 0, lowering.Demands)!.Value;
        Value a = lowering.At(op.Operands[0], demand), b = lowering.At(op.Operands[1], demand);
        return lowering.Emit(a.Type.Shape == b.Type.Shape ? elementwise : broadcast, [a, b], null, Scale.PerTensor(demand.Scale));
    }

    private static Value? AddedConstant(Operation op, Lowering lowering)
    {
        if (!FollowsScaling(op)) return null;
        var scaled = lowering.Raw(op.Operands[0]);
        if (lowering.SnapOf(scaled) is not { } snapped || scaled.Type.Scale is not { IsPerChannel: false } scale) return null;
        var constant = op.Operands[1].Constant!;
        long bound = Precisions.Bound(ScalingLowering.SumPrecision);
        if (Demands.Threshold(op.Operands[1]) * scale.Value > bound) return null;
        int[] data = [.. constant.Floats.ToArray().Select(v => Rounding.Clamped(v * scale.Value, bound))];
        var addend =
            lowering.Constant(lowering.Name(op.Operands[1]), Tensor.Create(Lowering.WithDimension(constant.Tensor.Shape), data), scale);
        return lowering.WithSnap(lowering.Emit(CvmBinary.BroadcastAdd, [scaled, addend], null, scale), snapped);
    }
}

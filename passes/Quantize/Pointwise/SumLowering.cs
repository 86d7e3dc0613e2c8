using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Centering;
using CortexMl.Passes.Quantize.Shapes;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Pointwise;

//  %2 = nn.add(%0, %1)   ⇒   %2 = cvm.elemwise_add(%0 as i16 @ s, %1 as i16 @ s)   at one scale s that covers both thresholds: i17 @ s
//
// A constant added to a scaled value whose consumers' shift is already known (batch normalisation) joins it before that shift:
//  nn.add(nn.mul(%0, @c), @d)   ⇒   cvm.broadcast_add(cvm.broadcast_mul(%0, @m), @d · s)
internal static class SumLowering
{
    public static readonly LoweringRule Add = new(DemandOf, (op, quantizer) =>
        Moved(op, quantizer) ?? AddedConstant(op, quantizer) ?? Emit(op, quantizer, CvmBinary.ElemwiseAdd, CvmBinary.BroadcastAdd))
    {
        Freedom = static (op, index, _) => TakeLowering.IsShift(op) ? ScaleFreedom.Unit
            : FollowsScaling(op) && index == 0 ? ScaleFreedom.HandedOn : ScaleFreedom.Shared,
    };

    //  nn.sub(x, c), both within ±c   ⇒   cvm.broadcast_sub(x at its own scale, c)
    public static readonly LoweringRule Sub = new(
        (op, index, demands) => Middle.Of(op) is null ? DemandOf(op, index, demands) : index == 0 ? OwnScale(op["a"]) : null,
        (op, quantizer) => Middle.Of(op) is null
            ? Emit(op, quantizer, CvmBinary.ElemwiseSub, CvmBinary.BroadcastSub)
            : Centred(op, quantizer))
    {
        Freedom = static (op, _, _) => Middle.Of(op) is null ? ScaleFreedom.Shared : ScaleFreedom.One,
    };

    //  nn.max(x, -c), x within ±c   ⇒   x, whose saturation is that maximum
    public static readonly LoweringRule Max = new(
        (op, index, demands) => Saturates(op, demands) ? (index == 0 ? demands.Through(op, op["a"]) : null) : Common(op, index, demands),
        (op, quantizer) => Saturates(op, quantizer.Demands)
            ? quantizer.Raw(op["a"])
            : Emit(op, quantizer, CvmBinary.BroadcastMax, CvmBinary.BroadcastMax))
    {
        Freedom = static (op, _, demands) => Saturates(op, demands) ? ScaleFreedom.HandedOn : ScaleFreedom.Shared,
    };

    // min(a, b) = -max(-a, -b)
    public static readonly LoweringRule Min = new(Common, (op, quantizer) =>
    {
        var scale = Scale.PerTensor(Joint(op).Scale);
        Value[] negated = [.. op.Operands.Select(o => quantizer.Emit(CvmUnary.Negative, [At(op, o, quantizer)], null, scale))];
        return quantizer.Emit(CvmUnary.Negative, [quantizer.Emit(CvmBinary.BroadcastMax, negated, null, scale)], null, scale);
    })
    {
        Freedom = static (_, _, _) => ScaleFreedom.Shared,
    };

    /// <summary>Whether this is the addition behind a scaling that takes the sum's demand as its own.</summary>
    private static bool FollowsScaling(Operation op) =>
        op.Spec == NnBinary.Add && op["b"].IsConstant && op["a"] is { HasOneUse: true, Producer: { } producer }
            && ScalingLowering.IsScaling(producer);

    private static Demand? DemandOf(Operation op, int index, Demands demands) =>
        TakeLowering.IsShift(op) ? TakeLowering.ShiftDemand(op)
        : FollowsScaling(op) && index == 0 ? Sum(op, demands) : Common(op, index, demands);

    /// <summary>
    /// What the scaling in front aims at: the channels of the sum are its own, where the addend has nothing but channels.
    /// </summary>
    private static Demand Sum(Operation op, Demands demands) =>
        PerChannel.Fits(op["b"].Type.Shape, op.Result.Type.Shape) ? demands.Of(op.Result) : demands.Single(op.Result);

    private static Demand OwnScale(Value data) => Demands.Covering(DemandPrecision.Wide, data);

    private static Value Centred(Operation op, Quantizer quantizer)
    {
        var own = OwnScale(op["a"]);
        var data = quantizer.Within(op["a"], own with { Precision = ScalingLowering.SumPrecision - 1 });
        // A middle between two integers would be half a step off everywhere.
        if (data.Type.Scale!.Value < own.Scale) data = quantizer.At(op["a"], own);
        var scale = data.Type.Scale!;
        var middle = quantizer.At(op["b"], new Demand(ScalingLowering.SumPrecision - 1, scale.Value));
        return quantizer.Emit(CvmBinary.BroadcastSub, [data, middle], null, scale);
    }

    private static bool Saturates(Operation op, Demands demands)
    {
        if (Middle.Of(op) is not { } depths) return false;
        var wanted = demands.Of(op.Result);
        return depths.Index().All(d => d.Item * wanted.Units.At(d.Index) >= Precisions.Bound(wanted.Precision) - 0.5);
    }

    /// <summary>One scale for all operands.</summary>
    private static Demand Joint(Operation op) =>
        Demand.Covering(DemandPrecision.Wide, op.Operands.Max(o => Headroom.Reach(o, DemandPrecision.Wide)));

    /// <summary>The joint one, but of an operand for which fewer bits are decided those, as far as it reaches itself.</summary>
    internal static Demand? Common(Operation op, int index, Demands demands) => Own(op.Operands[index]) ?? Joint(op);

    private static Demand? Own(Value operand) =>
        operand.IsConstant || DemandPrecision.Of(operand, DemandPrecision.Wide, DemandPrecision.Wide) == DemandPrecision.Wide
            ? null
            : Demands.Covering(DemandPrecision.Wide, operand);

    /// <summary>An operand at the joint demand.</summary>
    internal static Value At(Operation op, Value operand, Quantizer quantizer) => Own(operand) is { } own
        ? quantizer.Requantized(quantizer.At(operand, own), Joint(op))
        : quantizer.At(operand, Joint(op));

    private static Value Emit(Operation op, Quantizer quantizer, OpSpec elementwise, OpSpec broadcast)
    {
        Value a = At(op, op["a"], quantizer), b = At(op, op["b"], quantizer);
        return quantizer.Emit(a.Type.Shape == b.Type.Shape ? elementwise : broadcast, [a, b], null, Scale.PerTensor(Joint(op).Scale));
    }

    //  nn.add(i, 5), read as indices alone   ⇒   cvm.broadcast_add(i, 5), both at scale 1
    private static Value? Moved(Operation op, Quantizer quantizer)
    {
        if (!TakeLowering.IsShift(op)) return null;
        Value[] operands = [.. op.Operands.Select(o => quantizer.At(o, TakeLowering.ShiftDemand(op)))];
        bool isAligned = operands[0].Type.Shape == operands[1].Type.Shape;
        return quantizer.Emit(isAligned ? CvmBinary.ElemwiseAdd : CvmBinary.BroadcastAdd, operands, null, Scale.PerTensor(1));
    }

    private static Value? AddedConstant(Operation op, Quantizer quantizer)
    {
        if (!FollowsScaling(op)) return null;
        var scaled = quantizer.Raw(op["a"]);
        var (snapped, scale, constant) = (quantizer.SnapOf(scaled)!, scaled.Type.Scale!, op["b"].Constant!);
        long bound = Precisions.Bound(ScalingLowering.SumPrecision);
        var (shape, numbers) = PerChannel.Times(constant, scale, op.Result.Type.Shape);
        if (numbers.Any(n => Math.Abs(n) > bound)) return null;
        int[] integers = [.. numbers.Select(n => Rounding.Clamped(n, bound))];
        var addend = quantizer.Constant(quantizer.Name(op["b"]), Tensor.Create(shape, integers), scale.IsPerChannel ? null : scale);
        return quantizer.WithSnap(quantizer.Emit(CvmBinary.BroadcastAdd, [scaled, addend], null, scale), snapped);
    }
}

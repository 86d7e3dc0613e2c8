using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize;

//  %1 = nn.mul(%0, @c)    ⇒   %1 = cvm.broadcast_mul(%0 as i16, @m)   with m = round(c · 2^b · s_out / s): what remains is a shift by b
//  %2 = nn.mul(%0, %1)    ⇒   %2 = cvm.broadcast_mul(%0 as i16, %1 as i16)   the scales multiply, the precisions add
internal static class ScalingLowering
{
    /// <summary>
    /// Precision that the scaled value may have, so that one addition stays within 32 and the shift's input below INT_MAX.
    /// </summary>
    public const int SumPrecision = 31;

    public static readonly LoweringRule Mul =
        new((op, index, _) => op.Operands[index].IsConstant ? null : Demands.Covering(Precision.Wide, op.Operands[index]), (op, lowering) =>
        IsScaling(op) ? Scaled(op, lowering) : Product(op, lowering));

    /// <summary>A product with a constant, which canonicalize puts on the right.</summary>
    public static bool IsScaling(Operation op) => op.Spec == NnBinary.Mul && op.Operands[1].IsConstant && !op.Operands[0].IsConstant;

    private static Value Scaled(Operation op, Lowering lowering)
    {
        var data = lowering.Within(op.Operands[0], Demands.Covering(Precision.Wide, op.Operands[0]));
        var factors = op.Operands[1].Constant!;
        var target = lowering.Demands.Of(op.Result);
        double most = Demands.Threshold(op.Operands[1]), ratio = target.Scale / data.Type.Scale!.Value;
        // As many bits as leave the product, declared, within one less than the sum's precision.
        long room = Precisions.Bound(SumPrecision - 1 - data.Type.Precision);
        int shift = ShiftBudget.MaxShift;
        while (shift > 0 && Math.Floor(most * ratio * (1L << shift) + 0.5) > room) shift--;
        if (most * ratio > room) throw new Diagnostics.DiagnosticException(
            QuantizeCodes.NoRequantization,
            $"multiplication '{lowering.Name(op.Result)}' by up to {most} does not fit 32 bits at scale {target.Scale}", op.Location);
        double unit = ratio * (1L << shift);
        int[] multipliers = [.. factors.Floats.ToArray().Select(c => Rounding.Clamped(c * unit, room))];
        var constant =
            lowering.Constant(lowering.Name(op.Operands[1]), Tensor.Create(Lowering.WithDimension(factors.Tensor.Shape), multipliers));
        var product = lowering.Emit(CvmBinary.BroadcastMul, [data, constant], null, Scale.PerTensor(target.Scale * (1L << shift)));
        var one = lowering.Constant($"{lowering.Name(op.Result)}.multiplier", Tensor.Vector(1));
        return lowering.WithSnap(product, new Snapped(one, shift, target));
    }

    private static Value Product(Operation op, Lowering lowering)
    {
        Value a = At(op.Operands[0], lowering), b = At(op.Operands[1], lowering);
        return lowering.Emit(CvmBinary.BroadcastMul, [a, b], null, Scale.PerTensor(a.Type.Scale!.Value * b.Type.Scale!.Value));
    }

    private static Value At(Value operand, Lowering lowering) => lowering.Within(operand, Demands.Covering(Precision.Wide, operand));
}

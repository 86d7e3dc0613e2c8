using CortexMl.Ir;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Quantize.Products;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Pointwise;

//  %1 = nn.mul(%0, @c)    ⇒   %1 = cvm.broadcast_mul(%0 as i16, @m)   with m = round(c · 2^b · s_out / s): what remains is a shift by b
//  %2 = nn.mul(%0, %1)    ⇒   %2 = cvm.broadcast_mul(%0 as i16, %1 as i16)   the scales multiply, the precisions add
internal static class ScalingLowering
{
    /// <summary>
    /// Precision that the scaled value may have, so that one addition stays within 32 and the shift's input below INT_MAX.
    /// </summary>
    public const int SumPrecision = 31;

    public static readonly LoweringRule Mul =
        new((op, index, _) => op.Operands[index].IsConstant ? null : Demands.Covering(DemandPrecision.Wide, op.Operands[index]),
            (op, quantizer) => IsScaling(op) ? Scaled(op, quantizer) : Product(op, quantizer));

    /// <summary>A product with a constant, which canonicalize puts on the right.</summary>
    public static bool IsScaling(Operation op) => op.Spec == NnBinary.Mul && op["b"].IsConstant && !op["a"].IsConstant;

    private static Value Scaled(Operation op, Quantizer quantizer)
    {
        var data = quantizer.Within(op["a"], Demands.Covering(DemandPrecision.Wide, op["a"]));
        var factors = op["b"].Constant!;
        var result = op.Result.Type.Shape;
        var target = PerChannel.Fits(factors.Tensor.Shape, result) ? quantizer.Demands.Of(op.Result) : quantizer.Demands.Single(op.Result);
        double source = data.Type.Scale!.Value;
        var (shape, ratios) = PerChannel.Times(factors, target.Units, result);
        for (int i = 0; i < ratios.Length; i++) ratios[i] /= source;
        double most = ratios.Max(Math.Abs);
        // What is declared may be more than what is proven: of a comparison as many bits as it compared, for 1 and 0.
        if (most > Precisions.Bound(SumPrecision - 1 - data.Type.Precision)) data = ProductLowering.Tight(quantizer, data);
        // As many bits as leave the product, declared, within one less than the sum's precision.
        long room = Precisions.Bound(SumPrecision - 1 - data.Type.Precision);
        int shift = ShiftBudget.MaxShift;
        while (shift > 0 && Math.Floor(most * (1L << shift) + 0.5) > room) shift--;
        if (most > room) throw new Diagnostics.DiagnosticException(
            QuantizeCodes.NoRequantization,
            $"multiplication '{quantizer.Name(op.Result)}' by up to {Demands.Threshold(op["b"])} does not fit 32 bits at scale "
            + target.Units,
            op.Location);
        int[] multipliers = [.. ratios.Select(r => Rounding.Clamped(r * (1L << shift), room))];
        var constant = quantizer.Constant(quantizer.Name(op["b"]), Tensor.Create(shape, multipliers));
        var product = quantizer.Emit(CvmBinary.BroadcastMul, [data, constant], null, target.Units.Times(1L << shift));
        var one = quantizer.Constant($"{quantizer.Name(op.Result)}.multiplier", Tensor.Vector(1));
        return quantizer.WithSnap(product, new Snapped(one, shift, target));
    }

    private static Value Product(Operation op, Quantizer quantizer)
    {
        Value a = At(op["a"], quantizer), b = At(op["b"], quantizer);
        return quantizer.Emit(CvmBinary.BroadcastMul, [a, b], null, Scale.PerTensor(a.Type.Scale!.Value * b.Type.Scale!.Value));
    }

    private static Value At(Value operand, Quantizer quantizer) =>
        quantizer.Within(operand, Demands.Covering(DemandPrecision.Wide, operand));
}

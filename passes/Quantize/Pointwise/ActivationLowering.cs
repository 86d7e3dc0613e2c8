using CortexMl.Ir;
using CortexMl.Ops.Cvm;

namespace CortexMl.Passes.Quantize.Pointwise;

/// <summary>Activations that stay arithmetic: relu in place, bounds as clips.</summary>
internal static class ActivationLowering
{
    public static readonly LoweringRule Relu = Through(CvmUnary.Relu);

    public static readonly LoweringRule Abs = Through(CvmUnary.Abs);

    public static readonly LoweringRule Neg = Through(CvmUnary.Negative);

    //  clip(x, 0, 6)   ⇒   cvm.clip(requantize(relu(x)), 0, round(6·s)), and only where saturation at the precision is not that
    //  bound already, as it is in every channel where those have scales of their own
    public static readonly LoweringRule Clip = new((op, _, demands) => demands.Through(op, op["data"]), (op, quantizer) =>
    {
        double max = op.Float("max"), min = Math.Min(op.Float("min"), max);
        var demand = quantizer.Demands.Through(op, op["data"]);
        var raw = Raw(op, quantizer);
        if (min == 0) raw = quantizer.EmitThrough(CvmUnary.Relu, raw);
        var value = quantizer.Requantized(raw, demand);
        if (demand.Units.IsPerChannel) return value;
        long bound = Precisions.Bound(demand.Precision);
        int lo = Rounding.Clamped(min * demand.Scale, bound), hi = Rounding.Clamped(max * demand.Scale, bound);
        var proven = quantizer.Ranges[value].All;
        if (proven.IsWithin(lo, hi)) return value;
        // The runtime's clip holds at least two integers; a single one is met within a step.
        if (lo == hi) (lo, hi) = lo == bound ? (lo - 1, hi) : (lo, hi + 1);
        var clipped = quantizer.Emit(CvmUnary.Clip, [value], Attributes.Of(("a_min", lo), ("a_max", hi)), value.Type.Scale!);
        // clip declares one bit more than ±127 needs; a clip to the precision gives it back.
        return clipped.Type.Precision <= demand.Precision ? clipped
            : quantizer.Emit(CvmUnary.CvmClip, [clipped], Attributes.Of(("precision", demand.Precision)), value.Type.Scale!);
    })
    {
        Freedom = static (_, _, _) => ScaleFreedom.HandedOn,
    };

    // f(x)·s = f(x·s) for s > 0: on the raw integers, before any requantization
    private static LoweringRule Through(OpSpec spec) =>
        new((op, _, demands) => demands.Through(op, op["data"]), (op, quantizer) => quantizer.EmitThrough(spec, Raw(op, quantizer)))
        {
            Freedom = static (_, _, _) => ScaleFreedom.HandedOn,
        };

    /// <summary>The operand's raw integers; a constant operand is quantized for the result's demand.</summary>
    private static Value Raw(Operation op, Quantizer quantizer)
    {
        var operand = op["data"];
        return operand.IsConstant ? quantizer.At(operand, quantizer.Demands.Through(op, operand)) : quantizer.Raw(operand);
    }
}

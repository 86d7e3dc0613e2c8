using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Cvm;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Passes.Quantize.Shapes;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Tables;

//  softmax(x), x as i8 @ s      (passes/Quantize/README.md §8; λ bounds the useful range)
//  ⇒  d = max(0, x - (max x - λ·s))       how far above the cut, 0 … λ·s
//     e = table[d]                        round(exp(d / s))
//     q = (e · α(P) + (Σ e >> 1)) / Σ e   at scale α(P)
//
// Behind a mask, a constant or a clip in x that reaches further than x's threshold, x has as many bits more as the mask needs, and table[0]
// is 0.
internal static class SoftmaxLowering
{
    /// <summary>Least scale of a masked operand: bits are there, so that a wide range need not take any from the exponential.</summary>
    private const double MaskedSteps = 32;

    /// <summary>Thresholds between the least and the largest element that is not masked: each may be twice as far as was seen.</summary>
    private const double UnmaskedRange = 4;

    private const int Furthest = 64;

    /// <summary>Bits of the operand that leave the exponential's table some thousand entries.</summary>
    private const int MostPrecision = 12;

    public static readonly LoweringRule Softmax = new((op, _, demands) => DataDemand(op, demands), Lower);

    /// <summary>As many bits as the index of any table has, which the exponential is.</summary>
    private static Demand DataDemand(Operation op, Demands demands)
    {
        int precision = Math.Clamp(demands.Settings.TablePrecision, DemandPrecision.Data, MostPrecision);
        if (!IsMasked(op)) return Demands.Covering(precision, op["data"], MostPrecision);
        var covering = Demand.Covering(precision, Demands.Threshold(op["data"]));
        double most = Demands.Threshold(op["data"]) + Depth(op["data"]), wide = Precisions.Bound(DemandPrecision.Wide);
        double scale = Math.Max(covering.Scale, Math.Min(MaskedSteps, wide / most));
        return new(Precisions.Of((long)Math.Ceiling(Math.Min(most * scale, wide))), scale);
    }

    /// <summary>Whether a constant takes elements further down than the operand's threshold: those are masked.</summary>
    private static bool IsMasked(Operation op) => Demands.Threshold(op["data"]) is > 0 and var reach && Depth(op["data"]) > reach;

    /// <summary>How far constants that are added, filled in or joined, and clipped masks, take elements down.</summary>
    private static double Depth(Value data)
    {
        var known = new Dictionary<Value, double>();
        return Of(data, 0);

        double Of(Value value, int level)
        {
            if (known.TryGetValue(value, out double depth)) return depth;
            if (value.Floats() is { } elements) return Math.Max(0, -elements.Min());
            return known[value] = value.Producer is { } op && level < Furthest ? Behind(op, operand => Of(operand, level + 1)) : 0;
        }
    }

    private static double Behind(Operation op, Func<Value, double> depth)
    {
        if (op.Spec == NnBinary.Add) return op.Operands.Sum(depth);
        if (op.Spec == NnBinary.Mul) return op["b"].Splat() is > 0 and { } factor ? factor * depth(op["a"]) : 0;
        if (op.Spec == NnShape.Concat) return op.Operands.Max(depth);
        if (op.Spec == NnUnary.Clip) return Math.Min(Math.Max(0, -op.Float("min")), Demands.Threshold(op.Result));
        if (op.Spec == NnShape.Pad) return Math.Max(-op.Float("value"), depth(op["data"]));
        return op.Spec.Is(OpTraits.Moves) ? depth(op.Operands[0]) : 0;
    }

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        bool masked = IsMasked(op);
        var demand = DataDemand(op, quantizer.Demands);
        var data = masked ? quantizer.At(op["data"], demand) : quantizer.Within(op["data"], demand);
        var scale = data.Type.Scale!;
        string name = quantizer.Name(op.Result);
        var shape = data.Type.Shape;
        int axis = shape.Axis(op.Int("axis")), reach = Reach(op, data, quantizer);

        var highest = PortableReduction.Emit(quantizer, CvmReduce.Max, data, [axis], keepDims: true, scale);
        var cut = quantizer.Emit(
            CvmBinary.BroadcastSub, [highest, quantizer.Constant($"{name}.reach", Tensor.Vector(reach), scale)], null, scale);
        var above = quantizer.Emit(CvmUnary.Relu, [quantizer.Emit(CvmBinary.BroadcastSub, [data, cut], null, scale)], null, scale);
        // x ≤ max x, but a range of each cannot prove it.
        if (!quantizer.Ranges[above].All.IsWithin(0, reach))
            above = quantizer.Emit(CvmUnary.Clip, [above], Attributes.Of(("a_min", 0), ("a_max", reach)), scale);

        double grain = TableScale(reach, scale.Value);
        int[] entries = [.. Enumerable.Range(0, reach + 1)
            .Select(i => Rounding.Clamped(PortableMath.Exp(i / scale.Value) * grain, Precisions.Bound(DemandPrecision.Wide)))];
        if (masked) entries[0] = 0;
        var table = quantizer.Constant($"{name}.table", Tensor.Vector(entries), Scale.PerTensor(grain));
        var weights = quantizer.Emit(CvmLookup.CvmLut, [above, table], Attributes.Of(("in_dim", reach + 1)), Scale.PerTensor(grain));
        var total = PortableReduction.Emit(quantizer, CvmReduce.Sum, weights, [axis], keepDims: true, Scale.PerTensor(grain));

        int precision = Math.Min(15, 31 - table.Type.Precision);
        int unit = (int)Precisions.Bound(precision);
        var result = Scale.PerTensor(unit);
        var scaled = quantizer.Emit(
            CvmBinary.BroadcastMul, [weights, quantizer.Constant($"{name}.one", Tensor.Vector(unit))], null, Scale.PerTensor(grain * unit));
        var half = quantizer.Emit(
            CvmUnary.CvmRightShift, [total], Attributes.Of(("precision", total.Type.Precision), ("shift_bit", 1)),
            Scale.PerTensor(grain * unit));
        var rounded = quantizer.Emit(CvmBinary.BroadcastAdd, [scaled, half], null, Scale.PerTensor(grain * unit));
        var quotient = quantizer.Emit(CvmBinary.BroadcastDiv, [rounded, total], null, result);
        return quantizer.Emit(CvmUnary.CvmClip, [quotient], Attributes.Of(("precision", precision)), result);
    }

    /// <summary>λ in integers, but no more than two elements of a row, masked ones apart, can be from each other.</summary>
    private static int Reach(Operation op, Value data, Quantizer quantizer)
    {
        double scale = data.Type.Scale!.Value;
        var range = quantizer.Ranges[data].All;
        double apart = IsMasked(op) ? UnmaskedRange * Demands.Threshold(op["data"]) * scale + 1 : (double)range.Hi - range.Lo;
        return (int)Math.Max(1, Math.Min(quantizer.Settings.SoftmaxRange * scale, apart));
    }

    /// <summary>A power of two that lets exp(λ), the largest entry, use the table's 16 bits; at least 1.</summary>
    private static double TableScale(int reach, double scale)
    {
        double grain = 1, most = PortableMath.Exp(reach / scale);
        while (most * grain * 2 <= Precisions.Bound(DemandPrecision.Wide)) grain *= 2;
        return grain;
    }
}

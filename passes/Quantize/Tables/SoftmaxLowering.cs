using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Cvm;
using CortexMl.Passes.Quantize.Shapes;
using CortexMl.Tensors;

namespace CortexMl.Passes.Quantize.Tables;

//  softmax(x), x as i8 @ s      (passes/Quantize/README.md §8; λ bounds the useful range)
//  ⇒  d = max(0, x - (max x - λ·s))       how far above the cut, 0 … λ·s
//     e = table[d]                        round(exp(d / s))
//     q = (e · α(P) + (Σ e >> 1)) / Σ e   at scale α(P)
internal static class SoftmaxLowering
{
    public static readonly LoweringRule Softmax = new((op, _, _) => Demands.Covering(DemandPrecision.Data, op["data"]), Lower);

    private static Value Lower(Operation op, Quantizer quantizer)
    {
        var data = quantizer.At(op["data"], Demands.Covering(DemandPrecision.Data, op["data"]));
        var scale = data.Type.Scale!;
        string name = quantizer.Name(op.Result);
        var shape = data.Type.Shape;
        int axis = shape.Axis(op.Int("axis")), reach = Math.Max(1, (int)(quantizer.Settings.SoftmaxRange * scale.Value));

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

    /// <summary>A power of two that lets exp(λ), the largest entry, use the table's 16 bits; at least 1.</summary>
    private static double TableScale(int reach, double scale)
    {
        double grain = 1, most = PortableMath.Exp(reach / scale);
        while (most * grain * 2 <= Precisions.Bound(DemandPrecision.Wide)) grain *= 2;
        return grain;
    }
}

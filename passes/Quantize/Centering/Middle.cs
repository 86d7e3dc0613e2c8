using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Centering;

/// <summary>
/// A maximum with constants below zero, or a difference with constants above it, one for each channel or one for all, that are as far from
/// zero as the result reaches: codes at full scale have it at their bounds. Saturation at the precision is that maximum already.
/// </summary>
internal static class Middle
{
    /// <summary>How far below zero each channel of the result reaches, and above; null for any other operation.</summary>
    public static double[]? Of(Operation op)
    {
        int sign = op.Spec == NnBinary.Max ? -1 : op.Spec == NnBinary.Sub ? 1 : 0;
        if (sign == 0 || !op["b"].IsConstant || op["a"].IsConstant || op.Result.Type.Threshold is not { } whole) return null;
        var shape = op.Result.Type.Shape;
        var middles = op["b"].Constant!.Floats;
        if (shape.Rank < 2 || !Pointwise.PerChannel.Fits(op["b"].Type.Shape, shape)) return null;
        var depths = new double[shape[1]];
        for (int c = 0; c < depths.Length; c++)
        {
            depths[c] = sign * middles[middles.Length == 1 ? 0 : c];
            double reach = op.Result.Type.Channels?.Values[c] ?? whole;
            if (depths[c] <= 0 || Math.Abs(reach - depths[c]) > 1e-6 * depths[c]) return null;
        }
        return depths;
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Centering;

/// <summary>
/// A maximum with constants below zero, one for each channel or one for all, that are as far below as the result reaches above: saturation
/// at the precision is that maximum already. Centred values have it in place of a relu.
/// </summary>
internal static class Floor
{
    /// <summary>How far below zero each channel of the result reaches, and above; null for any other operation.</summary>
    public static double[]? Of(Operation op)
    {
        if (op.Spec != NnBinary.Max || !op["b"].IsConstant || op["a"].IsConstant || op.Result.Type.Threshold is not { } whole) return null;
        var shape = op.Result.Type.Shape;
        var floors = op["b"].Constant!.Floats;
        if (!Pointwise.PerChannel.Fits(op["b"].Type.Shape, shape)) return null;
        var depths = new double[shape[1]];
        for (int c = 0; c < depths.Length; c++)
        {
            depths[c] = -floors[floors.Length == 1 ? 0 : c];
            double reach = op.Result.Type.Channels?.Values[c] ?? whole;
            if (depths[c] <= 0 || Math.Abs(reach - depths[c]) > 1e-6 * depths[c]) return null;
        }
        return depths;
    }
}

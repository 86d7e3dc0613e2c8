using CortexMl.Ir;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Quantize.Centering;

/// <summary>
/// A maximum with constants below zero, or a difference with constants above it, one for each channel or one for all: what centred data is
/// made by. The maximum is saturation at the precision already, as its constants are as far from zero as the result reaches.
/// </summary>
internal static class Middle
{
    /// <summary>How far below zero each channel of the result has the data's zero; null for any other operation.</summary>
    public static double[]? Of(Operation op) => Codes(op)?.Middles;

    /// <summary>How far each channel of the result reaches; null for any other operation.</summary>
    public static double[]? ReachOf(Operation op) => Codes(op)?.Reaches;

    private static CentredCodes? Codes(Operation op)
    {
        int sign = op.Spec == NnBinary.Max ? -1 : op.Spec == NnBinary.Sub ? 1 : 0;
        if (sign == 0 || !op["b"].IsConstant || op["a"].IsConstant || op.Result.Type.Threshold is not { } whole) return null;
        var shape = op.Result.Type.Shape;
        var middles = op["b"].Constant!.Floats;
        if (!Pointwise.PerChannel.Fits(op["b"].Type.Shape, shape)) return null;
        double[] depths = new double[shape[1]], reaches = new double[shape[1]];
        bool isHalf = true;
        for (int c = 0; c < depths.Length; c++)
        {
            depths[c] = sign * middles[middles.Length == 1 ? 0 : c];
            double reach = op.Result.Type.Channels?.Values[c] ?? whole;
            bool isEnd = depths[c] > 0 && Math.Abs(reach - depths[c]) <= 1e-6 * depths[c];
            isHalf &= isEnd;
            reaches[c] = isEnd ? depths[c] : reach;
            if (depths[c] < 0 || depths[c] > reaches[c]) return null;
        }
        return isHalf || (sign == 1 && IsReadCentred(op.Result)) ? new(depths, reaches) : null;
    }

    /// <summary>Whether layers read it, padded or not, that say that its middle is in their biases.</summary>
    private static bool IsReadCentred(Value value) => value.Uses.Count > 0 && value.Uses.All(use =>
        use.User is { } user && (user.Spec == NnShape.Concat ? IsReadCentred(user.Result) : CentredActivation.IsMarked(user)));
}

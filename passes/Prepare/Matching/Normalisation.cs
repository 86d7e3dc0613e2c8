using CortexMl.Ir;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>A batch normalisation with constant statistics as what it is: y = scale[c]·x + offset[c].</summary>
public sealed record Normalisation(int Axis, double[] Scale, double[] Offset)
{
    /// <summary>s = gamma / √(var + ε), t = beta - mean·s; null where a parameter is no constant or s is not finite.</summary>
    public static Normalisation? Of(Operation batchNorm)
    {
        float[]?[] parameters = [.. batchNorm.Operands.Skip(1).Select(o => o.Floats())];
        if (parameters is not [{ } gamma, { } beta, { } mean, { } variance]) return null;
        double epsilon = batchNorm.Float("epsilon");
        double[] scale = [.. gamma.Select((g, c) => g / Math.Sqrt(variance[c] + epsilon))];
        double[] offset = [.. beta.Select((b, c) => b - mean[c] * scale[c])];
        return scale.All(double.IsFinite) ? new(batchNorm.Shape(0).Axis(batchNorm.Int("axis")), scale, offset) : null;
    }
}

using CortexMl.Ir;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that normalise by the data itself.</summary>
public static class NnNorm
{
    /// <summary>x / (bias + alpha / size · Σ x²)^beta, the sum over size neighbouring channels.</summary>
    public static readonly OpSpec Lrn = new("nn.lrn")
    {
        Doc = "Local response normalisation across channels",
        Operands = [NnRule.Image],
        Attributes =
        [
            Int("size", "number of channels summed", min: 1), Float("alpha", "factor of the sum", 1e-4),
            Float("beta", "exponent", 0.75), Float("bias", "offset", 1.0),
        ],
        Shapes = op => [NnRule.Nchw(op)],
        Levels = Level.Float,
    };

    /// <summary>
    /// (x - μ) / √(σ² + ε), mean and variance of what the axes span (Ba, Kiros, Hinton, 2016); without center x / √(mean(x²) + ε) (Zhang,
    /// Sennrich, 2019).
    /// </summary>
    public static readonly OpSpec Normalize = new("nn.normalize")
    {
        Doc = "(x - μ) / √(σ² + ε), mean μ and variance σ² over the axes; without center x / √(mean of x² + ε)",
        Operands = [NnRule.Data],
        Attributes =
        [
            Ints("axes", "axes over which mean and variance are taken, at least one"), Float("epsilon", "added to the variance", 1e-5),
            Bool("center", "whether the mean is taken off", true),
        ],
        Shapes = op =>
        {
            if (NnRule.Axes(op, "axes", op.Shape(0).Rank).Length == 0) throw op.Logic("axes is empty", "name the axes to normalise over");
            if (!(op.Float("epsilon") >= 0)) throw op.Logic($"epsilon = {op.Get("epsilon")} is below 0");
            return [op.Shape(0)];
        },
        Levels = Level.Float,
    };

    public static readonly OpSpec L2Normalize = new("nn.l2_normalize")
    {
        Doc = "x / √(Σ x²), the sum along the axis",
        Operands = [new("data", "rank at least 1")],
        Attributes = [Int("axis", "axis that is summed", -1)],
        Shapes = op =>
        {
            _ = NnRule.Axis(op, op.Int("axis"), op.Shape(0).Rank);
            return [op.Shape(0)];
        },
        Levels = Level.Float,
    };
}

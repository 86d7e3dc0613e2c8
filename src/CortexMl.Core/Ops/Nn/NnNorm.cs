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

using CortexMl.Ir;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that make probabilities.</summary>
public static class NnSoftmax
{
    public static readonly OpSpec Softmax = Row("nn.softmax", "exp(x) / Σ exp(x) along the axis", OpTraits.NeverNegative);
    public static readonly OpSpec LogSoftmax = Row("nn.log_softmax", "x - log Σ exp(x) along the axis");

    private static OpSpec Row(string name, string doc, OpTraits traits = OpTraits.None) => new(name)
    {
        Doc = doc,
        Operands = [new("data", "rank at least 1")],
        Attributes = [Int("axis", "axis that sums to one", -1)],
        Shapes = op =>
        {
            _ = NnRule.Axis(op, op.Int("axis"), op.Shape(0).Rank);
            return [op.Shape(0)];
        },
        Levels = Level.Float,
        Traits = traits,
    };
}

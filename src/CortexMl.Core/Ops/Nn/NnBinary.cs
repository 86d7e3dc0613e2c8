using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows of two tensors with NumPy broadcasting; a scalar is a rank-0 constant.</summary>
public static class NnBinary
{
    /// <summary>What sums and extremes have in common.</summary>
    private const OpTraits SumOrExtreme = OpTraits.Commutative | OpTraits.Monotone | OpTraits.Homogeneous;

    public static readonly OpSpec Add = Row("nn.add", "a + b", SumOrExtreme);
    public static readonly OpSpec Sub = Row("nn.sub", "a - b", OpTraits.Homogeneous);
    public static readonly OpSpec Mul = Row("nn.mul", "a · b", OpTraits.Commutative);
    public static readonly OpSpec Div = Row("nn.div", "a / b");
    public static readonly OpSpec Max = Row("nn.max", "The larger of a and b", SumOrExtreme);
    public static readonly OpSpec Min = Row("nn.min", "The smaller of a and b", SumOrExtreme);
    public static readonly OpSpec Pow = Row("nn.pow", "a to the power b");
    public static readonly OpSpec Greater = Row("nn.greater", "1 where a > b, else 0", OpTraits.NeverNegative);

    private static OpSpec Row(string name, string doc, OpTraits traits = OpTraits.None) => new(name)
    {
        Doc = doc,
        Operands = [new("a", "any shape"), new("b", "broadcasts with a")],
        Shapes = op =>
        {
            var shape = Shape.Broadcast(op.Shape(0), op.Shape(1))
                ?? throw op.Logic(
                    $"{op.Shape(0)} and {op.Shape(1)} do not broadcast", "each pair of axes, counted from the end, must agree or be 1");
            return [NnRule.Make(op, [.. shape])];
        },
        Levels = Level.Float,
        Traits = traits | OpTraits.Elementwise,
    };
}

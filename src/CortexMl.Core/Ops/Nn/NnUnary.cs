using CortexMl.Ir;
using static CortexMl.Ops.Attr;

namespace CortexMl.Ops.Nn;

/// <summary>Float rows that work element by element on one tensor; the shape is kept.</summary>
public static class NnUnary
{
    /// <summary>What does nothing at all.</summary>
    private const OpTraits Nothing = OpTraits.Moves | OpTraits.Reshapes | OpTraits.Monotone | OpTraits.Homogeneous;

    public static readonly OpSpec Relu = Row("nn.relu", "max(x, 0)", OpTraits.NeverNegative | OpTraits.Monotone | OpTraits.Homogeneous);
    public static readonly OpSpec Sigmoid = Row("nn.sigmoid", "1 / (1 + exp(-x))", OpTraits.NeverNegative | OpTraits.Monotone);
    public static readonly OpSpec Tanh = Row("nn.tanh", "Hyperbolic tangent", OpTraits.Monotone);
    public static readonly OpSpec Softplus = Row("nn.softplus", "log(1 + exp(x))", OpTraits.NeverNegative | OpTraits.Monotone);
    public static readonly OpSpec Softsign = Row("nn.softsign", "x / (1 + |x|)", OpTraits.Monotone);
    public static readonly OpSpec Exp = Row("nn.exp", "e^x", OpTraits.NeverNegative | OpTraits.Monotone);
    public static readonly OpSpec Log = Row("nn.log", "Natural logarithm", OpTraits.Monotone);
    public static readonly OpSpec Sqrt = Row("nn.sqrt", "Square root", OpTraits.NeverNegative | OpTraits.Monotone);
    public static readonly OpSpec Rsqrt = Row("nn.rsqrt", "1 / sqrt(x)", OpTraits.NeverNegative);
    public static readonly OpSpec Abs = Row("nn.abs", "|x|", OpTraits.NeverNegative | OpTraits.Homogeneous);
    public static readonly OpSpec Neg = Row("nn.neg", "-x", OpTraits.Homogeneous);
    public static readonly OpSpec Erf = Row("nn.erf", "Error function", OpTraits.Monotone);
    public static readonly OpSpec Gelu = Row(
        "nn.gelu", "x / 2 · (1 + erf(x / sqrt(2)))",
        Choice("approximate", "tanh: x / 2 · (1 + tanh(sqrt(2 / π) · (x + 0.044715 · x³)))", "none", "tanh"));

    public static readonly OpSpec Selu = Row(
        "nn.selu", "1.0507009873554805 · (x for x > 0, else 1.6732632423543772 · (exp(x) - 1))", OpTraits.Monotone);

    public static readonly OpSpec HardSwish = Row("nn.hard_swish", "x · clip(x / 6 + 1/2, 0, 1)");
    public static readonly OpSpec Mish = Row("nn.mish", "x · tanh(softplus(x))");
    public static readonly OpSpec Swish = Row("nn.swish", "x · sigmoid(beta · x)", Float("beta", "factor in the sigmoid", 1.0));
    public static readonly OpSpec Floor = Row("nn.floor", "Largest integer not above x", OpTraits.Monotone);
    public static readonly OpSpec Ceil = Row("nn.ceil", "Smallest integer not below x", OpTraits.Monotone);
    public static readonly OpSpec Round = Row("nn.round", "Nearest integer, halves to the even one", OpTraits.Monotone);
    public static readonly OpSpec Sin = Row("nn.sin", "Sine of radians");
    public static readonly OpSpec Cos = Row("nn.cos", "Cosine of radians");
    public static readonly OpSpec Asin = Row("nn.asin", "Arcsine in radians, of -1 to 1", OpTraits.Monotone);
    public static readonly OpSpec Acos = Row("nn.acos", "Arccosine in radians, of -1 to 1", OpTraits.NeverNegative);
    public static readonly OpSpec Atan = Row("nn.atan", "Arctangent in radians", OpTraits.Monotone);
    public static readonly OpSpec Asinh = Row("nn.asinh", "Inverse hyperbolic sine", OpTraits.Monotone);
    public static readonly OpSpec Acosh = Row(
        "nn.acosh", "Inverse hyperbolic cosine, of 1 and above", OpTraits.NeverNegative | OpTraits.Monotone);

    public static readonly OpSpec Atanh = Row("nn.atanh", "Inverse hyperbolic tangent, of -1 to 1", OpTraits.Monotone);
    public static readonly OpSpec Square = Row("nn.square", "x · x", OpTraits.NeverNegative);
    public static readonly OpSpec Reciprocal = Row("nn.reciprocal", "1 / x");

    public static readonly OpSpec Elu = Row("nn.elu", "x for x > 0, else alpha · (exp(x) - 1)", Float("alpha", "negative saturation", 1.0));

    public static readonly OpSpec HardSigmoid = Row(
        "nn.hard_sigmoid", "clip(alpha · x + beta, 0, 1)", OpTraits.NeverNegative,
        Float("alpha", "slope", 0.2), Float("beta", "value at 0", 0.5));

    public static readonly OpSpec LeakyRelu =
        Row("nn.leaky_relu", "x for x > 0, else slope · x", OpTraits.Homogeneous, Float("slope", "factor below zero", 0.01));

    public static readonly OpSpec Clip = Row(
        "nn.clip", "min(max(x, min), max)", OpTraits.Monotone, Float("min", "smallest result"), Float("max", "largest result"));

    /// <summary>The slope is one number, or one for each channel of axis 1.</summary>
    public static readonly OpSpec Prelu = new("nn.prelu")
    {
        Doc = "x for x > 0, else slope[channel] · x",
        Operands = [new("data", "[N, C, …]"), new("slope", "[C], [1] or a scalar")],
        Shapes = op =>
        {
            var data = op.Shape(0);
            if (op.Shape(1) is { Rank: 0 } or { Rank: 1, Count: 1 }) return [data];
            if (data.Rank < 2) throw op.Logic($"data {data} has no channel axis 1 for slope {op.Shape(1)}");
            NnRule.Vector(op, 1, data[1], "channels");
            return [data];
        },
        Levels = Level.Float,
    };

    public static readonly OpSpec Identity = Row("nn.identity", "x", Nothing);

    public static readonly OpSpec Dropout = Row(
        "nn.dropout", "x: dropout does nothing at inference", Nothing, Float("rate", "share dropped in training", 0.5));

    private static OpSpec Row(string name, string doc, params AttributeSpec[] attributes) => Row(name, doc, OpTraits.None, attributes);

    private static OpSpec Row(string name, string doc, OpTraits traits, params AttributeSpec[] attributes) => new(name)
    {
        Doc = doc,
        Operands = [NnRule.Data],
        Attributes = attributes,
        Shapes = NnRule.Same,
        Levels = Level.Float,
        Traits = traits | OpTraits.Elementwise,
    };
}

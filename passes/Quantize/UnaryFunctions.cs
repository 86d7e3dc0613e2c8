using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops;

namespace CortexMl.Passes.Quantize;

/// <summary>The unary rows that become tables, as functions of a real number. Definitions: the rows' own.</summary>
internal static class UnaryFunctions
{
    private const double SeluScale = 1.0507009873554805, SeluAlpha = 1.6732632423543772;

    public static IReadOnlyDictionary<OpSpec, Func<Operation, Func<double, double>>> All { get; } = new Dictionary<OpSpec, Func<Operation, Func<double, double>>>
    {
        [NnUnary.Sigmoid] = _ => Sigmoid,
        [NnUnary.Tanh] = _ => PortableMath.Tanh,
        [NnUnary.Softplus] = _ => Softplus,
        [NnUnary.Softsign] = _ => x => x / (1 + Math.Abs(x)),
        [NnUnary.Exp] = _ => PortableMath.Exp,
        [NnUnary.Log] = _ => PortableMath.Log,
        [NnUnary.Sqrt] = _ => Math.Sqrt,
        [NnUnary.Rsqrt] = _ => x => 1 / Math.Sqrt(x),
        [NnUnary.Erf] = _ => PortableMath.Erf,
        [NnUnary.Gelu] = _ => x => x / 2 * (1 + PortableMath.Erf(x / Math.Sqrt(2))),
        [NnUnary.Selu] = _ => x => SeluScale * (x > 0 ? x : SeluAlpha * (PortableMath.Exp(x) - 1)),
        [NnUnary.HardSwish] = _ => x => x * Math.Clamp(x / 6 + 0.5, 0, 1),
        [NnUnary.Mish] = _ => x => x * PortableMath.Tanh(Softplus(x)),
        [NnUnary.Swish] = _ => x => x * Sigmoid(x),
        [NnUnary.Floor] = _ => Math.Floor,
        [NnUnary.Ceil] = _ => Math.Ceiling,
        [NnUnary.Square] = _ => x => x * x,
        [NnUnary.Reciprocal] = _ => x => 1 / x,
        [NnUnary.Elu] = op => x => x > 0 ? x : op.Context.Float("alpha") * (PortableMath.Exp(x) - 1),
        [NnUnary.HardSigmoid] = op => x => Math.Clamp(op.Context.Float("alpha") * x + op.Context.Float("beta"), 0, 1),
        [NnUnary.LeakyRelu] = op => x => x > 0 ? x : op.Context.Float("slope") * x,
    };

    private static double Sigmoid(double x) => 1 / (1 + PortableMath.Exp(-x));

    private static double Softplus(double x) => x > 0 ? x + PortableMath.Log(1 + PortableMath.Exp(-x)) : PortableMath.Log(1 + PortableMath.Exp(x));
}

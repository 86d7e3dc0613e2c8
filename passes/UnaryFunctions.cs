using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes;

/// <summary>
/// The unary float rows as functions of a real number, for folding and for tables; definitions: the rows' own. Only operations that IEEE
/// 754 fixes (see <see cref="PortableMath"/>), so that constants and tables have the same bytes on every machine.
/// </summary>
internal static class UnaryFunctions
{
    private const double SeluScale = 1.0507009873554805, SeluAlpha = 1.6732632423543772;

    public static IReadOnlyDictionary<OpSpec, Func<IOperation, Func<double, double>>> All { get; } =
        new Dictionary<OpSpec, Func<IOperation, Func<double, double>>>
        {
            [NnUnary.Relu] = _ => x => Math.Max(x, 0),
            [NnUnary.Sigmoid] = _ => Sigmoid,
            [NnUnary.Tanh] = _ => PortableMath.Tanh,
            [NnUnary.Softplus] = _ => Softplus,
            [NnUnary.Softsign] = _ => x => x / (1 + Math.Abs(x)),
            [NnUnary.Exp] = _ => PortableMath.Exp,
            [NnUnary.Log] = _ => PortableMath.Log,
            [NnUnary.Sqrt] = _ => Math.Sqrt,
            [NnUnary.Rsqrt] = _ => x => 1 / Math.Sqrt(x),
            [NnUnary.Abs] = _ => Math.Abs,
            [NnUnary.Neg] = _ => x => -x,
            [NnUnary.Erf] = _ => PortableMath.Erf,
            [NnUnary.Gelu] = op => op.Text("approximate") == "tanh" ? TanhGelu : ErfGelu,
            [NnUnary.Selu] = _ => x => SeluScale * (x > 0 ? x : SeluAlpha * (PortableMath.Exp(x) - 1)),
            [NnUnary.HardSwish] = _ => x => x * Math.Clamp(x / 6 + 0.5, 0, 1),
            [NnUnary.Mish] = _ => x => x * PortableMath.Tanh(Softplus(x)),
            [NnUnary.Swish] = op => With(op.Float("beta"), beta => x => x * Sigmoid(beta * x)),
            [NnUnary.Floor] = _ => Math.Floor,
            [NnUnary.Ceil] = _ => Math.Ceiling,
            [NnUnary.Round] = _ => Math.Round,
            [NnUnary.Sin] = _ => PortableMath.Sin,
            [NnUnary.Cos] = _ => PortableMath.Cos,
            [NnUnary.Asin] = _ => PortableMath.Asin,
            [NnUnary.Acos] = _ => PortableMath.Acos,
            [NnUnary.Atan] = _ => PortableMath.Atan,
            [NnUnary.Asinh] = _ => PortableMath.Asinh,
            [NnUnary.Acosh] = _ => PortableMath.Acosh,
            [NnUnary.Atanh] = _ => PortableMath.Atanh,
            [NnUnary.Square] = _ => x => x * x,
            [NnUnary.Reciprocal] = _ => x => 1 / x,
            [NnUnary.Identity] = _ => x => x,
            [NnUnary.Dropout] = _ => x => x,
            [NnUnary.Elu] = op => With(op.Float("alpha"), alpha => x => x > 0 ? x : alpha * (PortableMath.Exp(x) - 1)),
            [NnUnary.LeakyRelu] = op => With(op.Float("slope"), slope => x => x > 0 ? x : slope * x),
            [NnUnary.HardSigmoid] = op =>
                With((Alpha: op.Float("alpha"), Beta: op.Float("beta")), line => x => Math.Clamp(line.Alpha * x + line.Beta, 0, 1)),
            [NnUnary.Clip] = op =>
                With((Min: op.Float("min"), Max: op.Float("max")), range => x => Math.Min(Math.Max(x, range.Min), range.Max)),
        };

    /// <summary>Reads attributes once, not for every element.</summary>
    private static Func<double, double> With<T>(T attributes, Func<T, Func<double, double>> function) => function(attributes);

    private static double Sigmoid(double x) => 1 / (1 + PortableMath.Exp(-x));

    private static double ErfGelu(double x) => x / 2 * (1 + PortableMath.Erf(x / Math.Sqrt(2)));

    private static double TanhGelu(double x) => x / 2 * (1 + PortableMath.Tanh(Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));

    /// <summary>log(1 + e^x) without overflow.</summary>
    private static double Softplus(double x) => Math.Max(x, 0) + PortableMath.Log(1 + PortableMath.Exp(-Math.Abs(x)));
}

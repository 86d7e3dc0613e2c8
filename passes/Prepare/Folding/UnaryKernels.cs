using CortexMl.Ops;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Folding;

/// <summary><see cref="NnUnary"/>: element by element.</summary>
internal static class UnaryKernels
{
    public static IReadOnlyDictionary<OpSpec, Kernel> All { get; } = new Dictionary<OpSpec, Kernel>
    {
        [NnUnary.Relu] = Map(x => Math.Max(x, 0)),
        [NnUnary.Sigmoid] = Map(Sigmoid),
        [NnUnary.Tanh] = Map(Math.Tanh),
        [NnUnary.Softplus] = Map(Softplus),
        [NnUnary.Softsign] = Map(x => x / (1 + Math.Abs(x))),
        [NnUnary.Exp] = Map(Math.Exp),
        [NnUnary.Log] = Map(Math.Log),
        [NnUnary.Sqrt] = Map(Math.Sqrt),
        [NnUnary.Rsqrt] = Map(x => 1 / Math.Sqrt(x)),
        [NnUnary.Abs] = Map(Math.Abs),
        [NnUnary.Neg] = Map(x => -x),
        [NnUnary.Erf] = Map(ErrorFunction.Erf),
        [NnUnary.Gelu] = Map(x => x / 2 * (1 + ErrorFunction.Erf(x / Math.Sqrt(2)))),
        [NnUnary.Selu] = Map(x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1))),
        [NnUnary.HardSwish] = Map(x => x * Math.Clamp(x / 6 + 0.5, 0, 1)),
        [NnUnary.Mish] = Map(x => x * Math.Tanh(Softplus(x))),
        [NnUnary.Swish] = Map(x => x * Sigmoid(x)),
        [NnUnary.Floor] = Map(Math.Floor),
        [NnUnary.Ceil] = Map(Math.Ceiling),
        [NnUnary.Square] = Map(x => x * x),
        [NnUnary.Reciprocal] = Map(x => 1 / x),
        [NnUnary.Identity] = Map(x => x),
        [NnUnary.Dropout] = Map(x => x),
        [NnUnary.Elu] = Map(op => op.Float("alpha"), (x, alpha) => x > 0 ? x : alpha * (Math.Exp(x) - 1)),
        [NnUnary.LeakyRelu] = Map(op => op.Float("slope"), (x, slope) => x > 0 ? x : slope * x),
        [NnUnary.HardSigmoid] = Map(op => (Alpha: op.Float("alpha"), Beta: op.Float("beta")), (x, line) => Math.Clamp(line.Alpha * x + line.Beta, 0, 1)),
        [NnUnary.Clip] = Map(op => (Min: op.Float("min"), Max: op.Float("max")), (x, range) => Math.Min(Math.Max(x, range.Min), range.Max)),
        [NnUnary.Prelu] = Prelu,
    };

    private static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>log(1 + e^x) without overflow.</summary>
    private static double Softplus(double x) => Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)));

    private static Kernel Map(Func<double, double> f) => (_, operands, _) => Array.ConvertAll(operands[0].Data, x => f(x));

    private static Kernel Map<T>(Func<RuleContext, T> attributes, Func<double, T, double> f) => (op, operands, _) =>
    {
        T given = attributes(op);
        return Array.ConvertAll(operands[0].Data, x => f(x, given));
    };

    private static double[] Prelu(RuleContext op, IReadOnlyList<Tensor<double>> operands, Shape result)
    {
        double[] data = operands[0].Data, slope = operands[1].Data;
        int inner = slope.Length == 1 ? 1 : Walk.Around(result, 1).Inner;
        var values = new double[data.Length];
        for (int i = 0; i < data.Length; i++) values[i] = data[i] > 0 ? data[i] : slope[i / inner % slope.Length] * data[i];
        return values;
    }
}

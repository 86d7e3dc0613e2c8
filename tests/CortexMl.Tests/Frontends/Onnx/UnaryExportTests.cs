using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using Xunit;
using static CortexMl.Tests.Frontends.Onnx.OneRow;

namespace CortexMl.Tests.Frontends.Onnx;

public class UnaryExportTests
{
    private static readonly float[] Points = [-3.5f, -1, -0.25f, 0, 0.5f, 2, 4];

    private static readonly float[] Positive = [0.04f, 0.25f, 1, 2, 9];

    public static TheoryData<string, Func<double, double>> Anywhere => new()
    {
        { "nn.relu", x => Math.Max(x, 0) },
        { "nn.sigmoid", x => 1 / (1 + Math.Exp(-x)) },
        { "nn.tanh", Math.Tanh },
        { "nn.softplus", x => Math.Log(1 + Math.Exp(x)) },
        { "nn.softsign", x => x / (1 + Math.Abs(x)) },
        { "nn.exp", Math.Exp },
        { "nn.abs", Math.Abs },
        { "nn.neg", x => -x },
        { "nn.erf", Erf },
        { "nn.gelu", x => x / 2 * (1 + Erf(x / Math.Sqrt(2))) },
        { "nn.selu", x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1)) },
        { "nn.hard_swish", x => x * Math.Clamp(x / 6 + 0.5, 0, 1) },
        { "nn.mish", x => x * Math.Tanh(Math.Log(1 + Math.Exp(x))) },
        { "nn.swish", x => x / (1 + Math.Exp(-x)) },
        { "nn.floor", Math.Floor },
        { "nn.round", Math.Round },
        { "nn.sin", Math.Sin },
        { "nn.cos", Math.Cos },
        { "nn.atan", Math.Atan },
        { "nn.asinh", Math.Asinh },
        { "nn.ceil", Math.Ceiling },
        { "nn.square", x => x * x },
        { "nn.elu", x => x > 0 ? x : Math.Exp(x) - 1 },
        { "nn.hard_sigmoid", x => Math.Clamp(0.2 * x + 0.5, 0, 1) },
        { "nn.leaky_relu", x => x > 0 ? x : 0.01 * x },
        { "nn.identity", x => x },
        { "nn.dropout", x => x },
    };

    public static TheoryData<string, Func<double, double>> PositiveOnly => new()
    {
        { "nn.log", Math.Log },
        { "nn.sqrt", Math.Sqrt },
        { "nn.rsqrt", x => 1 / Math.Sqrt(x) },
        { "nn.reciprocal", x => 1 / x },
    };

    [Theory]
    [MemberData(nameof(Anywhere))]
    public void Function_has_its_mathematical_values(string row, Func<double, double> function) =>
        Equal([.. Points.Select(x => function(x))], Run(OpTable.Find(row)!, null, Vector(Points)), 2e-6);

    [Theory]
    [MemberData(nameof(PositiveOnly))]
    public void Function_of_positive_numbers_has_its_mathematical_values(string row, Func<double, double> function) =>
        Equal([.. Positive.Select(x => function(x))], Run(OpTable.Find(row)!, null, Vector(Positive)), 2e-6);

    [Fact]
    public void Attributes_of_functions_are_kept()
    {
        var x = Vector(-2, 1);
        Equal([-0.5, 1], Run(NnUnary.LeakyRelu, Attributes.Of(("slope", 0.25)), x));
        Equal([3 * (Math.Exp(-2) - 1), 1], Run(NnUnary.Elu, Attributes.Of(("alpha", 3.0)), x));
        Equal([0, 0.85], Run(NnUnary.HardSigmoid, Attributes.Of(("alpha", 0.5), ("beta", 0.35)), x));
        Equal([-1.5, 0.75], Run(NnUnary.Clip, Attributes.Of(("min", -1.5), ("max", 0.75)), x));
    }

    [Fact]
    public void Prelu_slope_belongs_to_axis_1()
    {
        var data = Of([1, 2, 1, 2], -1, 2, -3, -4);
        Equal([-0.5, 2, -6, -8], Run(NnUnary.Prelu, null, data, Vector(0.5f, 2)));
        Equal([-0.5, 2, -1.5, -2], Run(NnUnary.Prelu, null, data, Vector(0.5f)));
        Equal([-0.5, 4], Run(NnUnary.Prelu, null, Of([1, 2], -1, 4), Vector(0.5f, 2)));
    }

    /// <summary>The Maclaurin series 2/√π · Σ (-1)^n x^(2n+1) / (n! (2n+1)).</summary>
    private static double Erf(double x)
    {
        double sum = 0, power = x;
        for (int n = 0; n < 120; n++, power *= -x * x / n) sum += power / (2 * n + 1);
        return sum * 2 / Math.Sqrt(Math.PI);
    }
}

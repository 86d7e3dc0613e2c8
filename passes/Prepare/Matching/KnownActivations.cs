using System.Globalization;
using CortexMl.Ir;
using CortexMl.Numerics;
using CortexMl.Ops.Nn;

namespace CortexMl.Passes.Prepare.Matching;

/// <summary>Activations told by their values: parameters are read off at a few points, then all points must agree.</summary>
internal static class KnownActivations
{
    /// <summary>Relative to the point where it is above 1. Exporters round their constants to six digits at the least.</summary>
    private const double Tolerance = 1e-5;

    /// <summary>Farther out a spelling may overflow where the function itself does not.</summary>
    private const double Near = 64;

    private const int Steps = 128, PerUnit = 8;

    private static readonly OpSpec[] WithoutParameters =
        [NnUnary.Gelu, NnUnary.HardSwish, NnUnary.Mish, NnUnary.Sigmoid, NnUnary.Softplus, NnUnary.Softsign];

    /// <summary>Every eighth from -16 to 16, and some far out.</summary>
    public static double[] Points { get; } =
        [.. Enumerable.Range(-Steps, 2 * Steps + 1).Select(i => (double)i / PerUnit),
            .. new[] { 20, 32, Near, 100, 1000, 1e6 }.SelectMany(far => new[] { -far, far })];

    /// <summary>
    /// The points at which parameters are read off, and some more: enough to see of nearly everything that it is no activation.
    /// </summary>
    public static double[] Probes { get; } = [-16, -2.5, -1, -0.5, 0, 0.125, 1, 3, 8, 32];

    /// <param name="values">A function at all <paramref name="points"/>.</param>
    /// <param name="points"><see cref="Points"/>, or <see cref="Probes"/> for a first look.</param>
    public static (OpSpec Row, Attributes Attributes)? Find(double[] values, double[] points)
    {
        if (Enumerable.Range(0, values.Length).Any(i => !double.IsFinite(values[i]) && Math.Abs(points[i]) <= Near)) return null;
        foreach (var (row, attributes) in Candidates(x => values[Array.IndexOf(points, x)]))
        {
            var f = UnaryFunctions.All[row](new ProposedOperation(row, [], attributes));
            if (Agree(values, points, f)) return (row, attributes);
        }
        return null;
    }

    /// <param name="f">The function at eighths.</param>
    private static IEnumerable<(OpSpec Row, Attributes Attributes)> Candidates(Func<double, double> f)
    {
        foreach (var row in WithoutParameters) yield return (row, Attributes.Empty);
        yield return (NnUnary.Gelu, Attributes.Of(("approximate", "tanh")));
        // swish(1) = sigmoid(β)
        if (f(1) is > 0 and < 1 and var gate) yield return (NnUnary.Swish, Parameter("beta", PortableMath.Log(gate / (1 - gate)), 1));
        // hard_sigmoid(0) = β, and the slope there is α
        if (f(0) is > 0 and < 1 and var beta)
            yield return (NnUnary.HardSigmoid, Attributes.Of(("alpha", Short((f(0.125) - beta) * PerUnit)), ("beta", Short(beta))));
        // elu(-1) = α·(1/e - 1)
        if (f(1) is > 1 - Tolerance and < 1 + Tolerance && f(-1) < 0)
            yield return (NnUnary.Elu, Attributes.Of(("alpha", Short(f(-1) / (PortableMath.Exp(-1) - 1)))));
    }

    private static Attributes Parameter(string name, double value, double absent) =>
        Math.Abs(value - absent) <= Tolerance ? Attributes.Empty : Attributes.Of((name, Short(value)));

    /// <summary>Models keep their numbers in f32: the shortest decimal that means this one.</summary>
    private static double Short(double value) =>
        double.Parse(((float)value).ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    private static bool Agree(double[] values, double[] points, Func<double, double> f)
    {
        for (int i = 0; i < values.Length; i++)
            if (double.IsFinite(values[i]) && !(Math.Abs(values[i] - f(points[i])) <= Tolerance * Math.Max(1, Math.Abs(points[i]))))
                return false;
        return true;
    }
}

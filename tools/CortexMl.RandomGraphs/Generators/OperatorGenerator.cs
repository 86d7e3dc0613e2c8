using CortexMl.Ir;
using CortexMl.Tensors;
using CsCheck;

namespace CortexMl.RandomGraphs;

/// <summary>
/// Chains and graphs of all operators of the CVM, with shapes of any rank and numbers up to their limits. Attributes are chosen so that
/// they fit.
/// </summary>
public static class OperatorGenerator
{
    private const int MaxElements = 20_000, MaxSteps = 12;

    private static readonly Shape[] s_shapes =
    [
        Shape.Of(1, 3, 7, 5), Shape.Of(2, 4, 6, 6), Shape.Of(1, 17, 3, 9), Shape.Of(1, 1, 1, 1), Shape.Of(1, 33, 4, 4),
        Shape.Of(3, 1, 5), Shape.Of(2, 3),
        Shape.Of(7), Shape.Of(1), Shape.Of(1, 64), Shape.Of(2, 5, 6), Shape.Of(1, 2, 1, 3, 2), Shape.Of(2, 1, 2, 1, 2, 3),
    ];

    private static readonly IReadOnlyList<KeyValuePair<OpSpec, Action<ValuePool>>> s_steps =
        [.. new[] { ProductSteps.All, ArithmeticSteps.All, MoveSteps.All }.SelectMany(family => family)
            .OrderBy(step => step.Key.Name, StringComparer.Ordinal)];

    /// <summary>The operators that there is a step for.</summary>
    public static IReadOnlyList<OpSpec> Rows { get; } = [.. s_steps.Select(step => step.Key)];

    /// <summary>Fewer choices make smaller graphs, so failures shrink.</summary>
    public static readonly Gen<Graph> Graphs =
        Gen.Select(
            Gen.Int[0, 1_000_000].Array[4, 300], Gen.Int[0, int.MaxValue], (choices, seed) => Make(new Choices(choices), new Random(seed)));

    private static Graph Make(Choices choices, Random random)
    {
        var build = new GraphBuilder("operators", Level.Cvm);
        var pool = new ValuePool(build, choices, random);
        for (int inputs = 1 + choices.Next(2); inputs > 0; inputs--)
            pool.Add(build.Input("x", TensorType.Integer(choices.Of(8, 8, 8, 5, 1, 2, 16, 31, 32), choices.Of(s_shapes))));
        for (int step = 0; choices.More && step < MaxSteps; step++)
        {
            // What does not fit together is left out: a shape too small, a precision beyond 32.
            try
            {
                choices.Of(s_steps).Value(pool);
            }
            catch (RuleException)
            {
                continue;
            }
            if (pool.Last.Type.Shape.Count > MaxElements) break;
        }
        build.Output(pool.Last);
        for (int more = choices.Next(3); more > 0; more--) build.Output(pool.Any());
        return build.Build();
    }
}

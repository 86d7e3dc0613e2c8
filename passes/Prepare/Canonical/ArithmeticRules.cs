using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare.Canonical;

/// <summary>Arithmetic with constants. Canonical: nn.add and nn.mul with the constant right, one number as rank 0.</summary>
internal static class ArithmeticRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        // c ∘ x → x ∘ c for + · max min
        .. OpTable.With(Level.Float, OpTraits.Commutative).Select(spec => Rule.On(spec)
            .Where(op => op["a"].IsConstant && !op["b"].IsConstant)
            .Rewrite((op, context) => context.Insert(op, spec, [op["b"], op["a"]]))),
        // x + 0 → x, x - 0 → x
        Neutral(NnBinary.Add, 0),
        Neutral(NnBinary.Sub, 0),
        // x · 1 → x, x / 1 → x, x ^ 1 → x
        Neutral(NnBinary.Mul, 1),
        Neutral(NnBinary.Div, 1),
        Neutral(NnBinary.Pow, 1),
        // x - c → x + (-c)
        Rule.On(NnBinary.Sub).Rewrite((op, context) => WithConstant(op, context, NnBinary.Add, c => -c)),
        // x / c → x · (1/c)
        Rule.On(NnBinary.Div).Rewrite((op, context) => WithConstant(op, context, NnBinary.Mul, c => 1 / c)),
        // c - x → -x + c
        Rule.On(NnBinary.Sub).Where(op => op["a"].IsConstant && !op["b"].IsConstant)
            .Rewrite((op, context) =>
                context.Insert(op, NnBinary.Add, [context.Insert(op, NnUnary.Neg, [op["b"]]), op["a"]])),
        // x · (-1) → -x
        Rule.On(NnBinary.Mul).Where(op => op["b"].Splat() == -1 && KeepsShape(op))
            .Rewrite((op, context) => context.Insert(op, NnUnary.Neg, [op["a"]])),
        // x · 0 → 0
        Rule.On(NnBinary.Mul).Where(op => op["b"].Splat() == 0 && !op["a"].IsConstant)
            .Rewrite((op, context) => context.Constant(
                op, Insertion.NameFor(op, "zeros"), op.Result.Type.Shape, new double[op.Result.Type.Shape.Count])),
        // -(-x) → x
        Rule.On(NnUnary.Neg).Rewrite((op, _) => op["data"].MadeBy(NnUnary.Neg)?.Operands[0]),
        // x ^ 2 → square(x), x ^ (1/2) → sqrt(x), x ^ (-1) → reciprocal(x)
        Power(2, NnUnary.Square),
        Power(0.5f, NnUnary.Sqrt),
        Power(-1, NnUnary.Reciprocal),
        // (x + a) + b → x + (a + b), (x · a) · b → x · (a · b)
        Merge(NnBinary.Add, (a, b) => a + b),
        Merge(NnBinary.Mul, (a, b) => a * b),
        // x ∘ [c, c, …] → x ∘ c of rank 0
        .. OpTable.With(Level.Float, OpTraits.Elementwise).Where(spec => spec.Operands.Count == 2).Select(spec => Rule.On(spec)
            .Where(op => op["b"] is { IsConstant: true, Type.Shape.Rank: > 0 } && KeepsShape(op)).Rewrite(ToScalar)),
    ];

    /// <summary>Whether the left operand has the shape of the result: broadcasting did not enlarge it.</summary>
    private static bool KeepsShape(Operation op) => op["a"].Type.Shape == op.Result.Type.Shape;

    private static Rule Neutral(OpSpec spec, float element) =>
        Rule.On(spec).Where(op => op["b"].Splat() == element && KeepsShape(op)).Rewrite((op, _) => op["a"]);

    private static Rule Power(float exponent, OpSpec spec) =>
        Rule.On(NnBinary.Pow).Where(op => op["b"].Splat() == exponent && KeepsShape(op))
            .Rewrite((op, context) => context.Insert(op, spec, [op["a"]]));

    private static Value? WithConstant(Operation op, PassContext context, OpSpec spec, Func<double, double> f)
    {
        var (x, c) = (op["a"], op["b"]);
        if (x.IsConstant || c.Floats() is not { } elements) return null;
        double[] mapped = Array.ConvertAll(elements, e => f(e));
        return mapped.All(m => float.IsFinite((float)m))
            ? context.Insert(op, spec, [x, context.Instead(op, c, c.Type.Shape, mapped)])
            : null;
    }

    private static Rule Merge(OpSpec spec, Func<double, double, double> combine) => Rule.On(spec).Rewrite((op, context) =>
    {
        if (op["b"].Splat() is not { } b || !KeepsShape(op)) return null;
        if (op["a"].OnlyMadeBy(spec) is not { } inner || inner["a"].IsConstant) return null;
        var a = inner["b"];
        if (a.Floats() is not { } elements) return null;
        return context.Insert(
            op, spec, [inner["a"], context.Instead(op, a, a.Type.Shape, Array.ConvertAll(elements, e => combine(e, b)))]);
    });

    private static Value? ToScalar(Operation op, PassContext context) =>
        op["b"].Splat() is { } c
            ? context.Insert(op, op.Spec, [op["a"], context.Instead(op, op["b"], Shape.Scalar, [c])])
            : null;
}

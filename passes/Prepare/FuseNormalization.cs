using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.reduce_mean(%x) {axes, keepdims}
//  %1 = nn.sub(%x, %0)
//  %2 = nn.reduce_mean(nn.square(%1)) {axes, keepdims}      ⇒      %5 = nn.normalize(%x) {axes, epsilon = ε}
//  %4 = nn.sqrt(nn.add(%2, @ε))
//  %5 = nn.div(%1, %4)
//
// Exporters write layer, instance and RMS normalisation out. As one row it has one integer form that is as exact for a quiet sample as for
// a loud one, where tables of the variance have steps of one size.
//
//  d · rsqrt(mean(d²) + ε), d · (mean(d²) + ε)^-½, d · 1/√…    → normalize(x)
//  x / √(mean(x²) + ε)                                         → normalize(x) {center = false}
//  x / √(Σ x² + ε), x / max(√(Σ x²), ε) for a tiny ε           → normalize(x) {center = false} · 1/√n
public sealed class FuseNormalization : RewritePass
{
    public static readonly PassInfo Record = new(
        "fuse-normalization", "Recognise normalisation by mean and variance that was exported as several operators",
        Level.Float, Level.Float);

    /// <summary>Of a length that a division is kept from: what is shorter is zero for all integers.</summary>
    private const float Tiny = 1e-6f;

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        Rule.On(NnBinary.Div).Rewrite((o, context) => Power(o["b"]) is { } power ? Fuse(o, o["a"], power, context) : null),
        Rule.On(NnBinary.Mul).Rewrite((o, context) =>
            Inverse(o["b"]) is { } power && Fuse(o, o["a"], power, context) is { } fused ? fused
            : Inverse(o["a"]) is { } other ? Fuse(o, o["b"], other, context) : null),
    ];

    /// <summary>What a root is of: mean or sum of squares, and ε.</summary>
    private sealed record Squares(Operation Reduction, double Epsilon);

    //  √p, max(√p, ε)
    private static Squares? Power(Value root)
    {
        if (root.MadeBy(NnUnary.Sqrt) is { } sqrt) return Sum(sqrt["data"]);
        if (root.MadeBy(NnBinary.Max) is not { } max || max["b"].Splat() is not (>= 0 and <= Tiny and var least)) return null;
        return max["a"].MadeBy(NnUnary.Sqrt) is { } inner && Sum(inner["data"]) is { Epsilon: 0 } sum
            ? sum with { Epsilon = (double)least * least } : null;
    }

    //  p^-½, 1/√p
    private static Squares? Inverse(Value factor)
    {
        if (factor.MadeBy(NnUnary.Rsqrt) is { } rsqrt) return Sum(rsqrt["data"]);
        if (factor.MadeBy(NnUnary.Reciprocal) is { } reciprocal) return Power(reciprocal["data"]);
        return factor.MadeBy(NnBinary.Pow) is { } pow && pow["b"].Splat() == -0.5f ? Sum(pow["a"]) : null;
    }

    private static Squares? Sum(Value power)
    {
        if (Reduction(power) is { } bare) return new(bare, 0);
        if (power.MadeBy(NnBinary.Add) is not { } add) return null;
        foreach (var (sum, added) in new[] { (add["a"], add["b"]), (add["b"], add["a"]) })
            if (Reduction(sum) is { } reduction && added.Splat() is >= 0 and var epsilon) return new(reduction, epsilon);
        return null;
    }

    private static Operation? Reduction(Value value) =>
        (value.MadeBy(NnReduce.Mean) ?? value.MadeBy(NnReduce.Sum)) is { } reduction && reduction.Bool("keepdims") ? reduction : null;

    private static Value? Fuse(Operation root, Value apart, Squares squares, PassContext context)
    {
        var reduction = squares.Reduction;
        if (!IsSquare(reduction["data"], apart)) return null;
        int[] axes = Axes(reduction);
        bool isSum = reduction.Spec == NnReduce.Sum;
        double terms = axes.Aggregate(1.0, (product, axis) => product * apart.Type.Shape[axis]);
        var data = apart.MadeBy(NnBinary.Sub) is { } sub && IsMean(sub["b"], sub["a"], axes) ? sub["a"] : null;
        var attributes = Attributes.Of(("axes", axes), ("epsilon", isSum ? squares.Epsilon / terms : squares.Epsilon));
        if (data is null) attributes = attributes.With("center", false);
        var normalized = context.Insert(root, NnNorm.Normalize, [data ?? apart], attributes);
        if (!isSum) return normalized;
        return context.Insert(
            root, NnBinary.Mul, [normalized, context.Scalar(root, Insertion.NameFor(root, "length"), 1 / Math.Sqrt(terms))]);
    }

    private static bool IsSquare(Value value, Value of) => value.Producer is { } op
        && ((op.Spec == NnUnary.Square && op["data"] == of) || (op.Spec == NnBinary.Mul && op["a"] == of && op["b"] == of)
            || (op.Spec == NnBinary.Pow && op["a"] == of && op["b"].Splat() == 2));

    private static bool IsMean(Value value, Value of, int[] axes) => value.MadeBy(NnReduce.Mean) is { } mean
        && mean["data"] == of && mean.Bool("keepdims") && Axes(mean).SequenceEqual(axes);

    private static int[] Axes(Operation reduction) =>
        [.. reduction.Ints("axes").Select(a => reduction["data"].Type.Shape.Axis(a)).Order()];
}

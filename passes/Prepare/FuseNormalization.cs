using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

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
//  x / √(f · Σ x² + ε), with axes gone and put back            → normalize(x) {center = false} · 1/√(f · n)
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

    /// <summary>Of a factor of the variance from 1: 1/n in 32 bits, times n.</summary>
    private const double Rounding = 1e-6;

    /// <summary>What a root is of: mean or sum of squares times a factor, and ε.</summary>
    private sealed record Squares(Operation Reduction, double Factor, double Epsilon)
    {
        public int[] Axes => [.. Reduction.Ints("axes").Select(a => Reduction["data"].Type.Shape.Axis(a)).Order()];

        /// <summary>Times the mean.</summary>
        public double OfMean => Reduction.Spec == NnReduce.Mean ? Factor
            : Axes.Aggregate(Factor, (product, axis) => product * Reduction["data"].Type.Shape[axis]);
    }

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
        if (Reduction(power) is { } bare) return bare;
        if (power.MadeBy(NnBinary.Add) is not { } add) return null;
        foreach (var (sum, added) in new[] { (add["a"], add["b"]), (add["b"], add["a"]) })
            if (Reduction(sum) is { } reduction && added.Splat() is >= 0 and var epsilon) return reduction with { Epsilon = epsilon };
        return null;
    }

    /// <summary>A mean or sum times a positive number, of a shape that lines up with what was reduced.</summary>
    private static Squares? Reduction(Value value)
    {
        double factor = 1;
        for (var at = value; ;)
        {
            if ((at.MadeBy(NnReduce.Mean) ?? at.MadeBy(NnReduce.Sum)) is { } op)
                return new Squares(op, factor, 0) is var sum && value.Type.Shape == Kept(sum) ? sum : null;
            if (at.MadeBy(NnShape.Reshape) is { } reshape) at = reshape["data"];
            else if (at.MadeBy(NnBinary.Div) is { } div && div["b"].Splat() is > 0 and var count) (at, factor) = (div["a"], factor / count);
            else if (at.MadeBy(NnBinary.Mul) is { } mul && mul["b"].Splat() is > 0 and var share) (at, factor) = (mul["a"], factor * share);
            else return null;
        }
    }

    /// <summary>The shape with every axis that was reduced as 1.</summary>
    private static Shape Kept(Squares sum) => Shape.Of(sum.Reduction["data"].Type.Shape.Select((d, a) => sum.Axes.Contains(a) ? 1 : d));

    private static Value? Fuse(Operation root, Value apart, Squares squares, PassContext context)
    {
        if (!IsSquare(squares.Reduction["data"], apart)) return null;
        double factor = squares.OfMean;
        var data = apart.MadeBy(NnBinary.Sub) is { } sub && IsMean(sub["b"], sub["a"], squares.Axes) ? sub["a"] : null;
        var attributes = Attributes.Of(("axes", squares.Axes), ("epsilon", squares.Epsilon / factor));
        if (data is null) attributes = attributes.With("center", false);
        var normalized = context.Insert(root, NnNorm.Normalize, [data ?? apart], attributes);
        if (Math.Abs(factor - 1) < Rounding) return normalized;
        return context.Insert(
            root, NnBinary.Mul, [normalized, context.Scalar(root, Insertion.NameFor(root, "length"), 1 / Math.Sqrt(factor))]);
    }

    private static bool IsSquare(Value value, Value of) => value.Producer is { } op
        && ((op.Spec == NnUnary.Square && AreSame(op["data"], of))
            || (op.Spec == NnBinary.Mul && AreSame(op["a"], of) && AreSame(op["b"], of))
            || (op.Spec == NnBinary.Pow && AreSame(op["a"], of) && op["b"].Splat() == 2));

    /// <summary>One value, or the same difference taken twice.</summary>
    private static bool AreSame(Value a, Value b) => a == b
        || (a.MadeBy(NnBinary.Sub) is { } first && b.MadeBy(NnBinary.Sub) is { } second
            && first["a"] == second["a"] && first["b"] == second["b"]);

    private static bool IsMean(Value value, Value of, int[] axes) => Reduction(value) is { } mean
        && mean.Reduction["data"] == of && Math.Abs(mean.OfMean - 1) < Rounding && mean.Axes.SequenceEqual(axes);
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare.Canonical;

/// <summary>
/// Clamps to an interval. Canonical: nn.relu for [0, ∞), nn.clip for what has an upper bound; a bound from float.MaxValue on is none.
/// </summary>
internal static class ClampRules
{
    public static IReadOnlyList<Rule> All { get; } =
    [
        // clip(x; min, max) → max for min ≥ max
        Rule.On(NnUnary.Clip).Where(op => op.Float("min") >= op.Float("max"))
            .Rewrite((op, context) => Everywhere(op, context, op.Float("max"))),
        // clip(x; -∞, ∞) → x
        Rule.On(NnUnary.Clip).Where(op => ClipLimits.Of(op) is { IsEverything: true }).Rewrite((op, _) => op.Operands[0]),
        // clip(x; 0, ∞) → relu(x)
        Rule.On(NnUnary.Clip).Where(op => ClipLimits.Of(op) == ClipLimits.Positive)
            .Rewrite((op, context) => context.Insert(op, NnUnary.Relu, [op.Operands[0]])),
        // max(x, 0) → relu(x)
        Rule.On(NnBinary.Max).Where(op => op["b"].Splat() == 0 && op["a"].Type.Shape == op.Result.Type.Shape)
            .Rewrite((op, context) => context.Insert(op, NnUnary.Relu, [op.Operands[0]])),
        // outer(inner(x)) → clamp(x) to where inner's interval goes, for relu, clip, max(x, c) and min(x, c)
        .. new[] { NnUnary.Relu, NnUnary.Clip, NnBinary.Max, NnBinary.Min }.Select(spec => Rule.On(spec).Rewrite(Merge)),
        // relu(y) → y where y is never below zero
        Rule.On(NnUnary.Relu).Where(op => op.Operands[0].Producer is { } y && y.Spec.Is(OpTraits.NeverNegative))
            .Rewrite((op, _) => op.Operands[0]),
    ];

    private static Value Everywhere(Operation op, PassContext context, double value)
    {
        var shape = op.Result.Type.Shape;
        var elements = new double[checked((int)shape.Count)];
        Array.Fill(elements, value);
        return context.Constant(op, Insertion.NameFor(op, "everywhere"), shape, elements);
    }

    private static Value? Merge(Operation outer, PassContext context)
    {
        if (outer.Operands[0].Producer is not { } inner || ClipLimits.Of(outer) is not { } o || ClipLimits.Of(inner) is not { } i)
            return null;
        var merged = new ClipLimits(o.Clamp(i.Min), o.Clamp(i.Max));
        if (merged == i) return outer.Operands[0];
        var x = inner.Operands[0];
        if (merged == ClipLimits.Positive) return context.Insert(outer, NnUnary.Relu, [x]);
        return merged.IsBounded ? context.Insert(outer, NnUnary.Clip, [x], Attributes.Of(("min", merged.Min), ("max", merged.Max))) : null;
    }

    /// <summary>The interval to which an operation clamps its first operand.</summary>
    private readonly record struct ClipLimits(double Min, double Max)
    {
        public static readonly ClipLimits Positive = new(0, double.PositiveInfinity);

        public bool IsEverything => double.IsNegativeInfinity(Min) && double.IsPositiveInfinity(Max);

        public bool IsBounded => double.IsFinite(Min) && double.IsFinite(Max);

        public double Clamp(double v) => Math.Min(Math.Max(v, Min), Max);

        /// <summary>Null where the operation is no clamp.</summary>
        public static ClipLimits? Of(Operation op)
        {
            if (op.Spec == NnUnary.Relu) return Positive;
            if (op.Spec == NnUnary.Clip) return Open(op.Float("min"), op.Float("max"));
            if (op.Spec != NnBinary.Max && op.Spec != NnBinary.Min) return null;
            if (op.Operands[1].Splat() is not { } c || op.Operands[0].Type.Shape != op.Result.Type.Shape) return null;
            return op.Spec == NnBinary.Max ? Open(c, double.PositiveInfinity) : Open(double.NegativeInfinity, c);
        }

        private static ClipLimits Open(double min, double max) =>
            new(min <= float.MinValue ? double.NegativeInfinity : min, max >= float.MaxValue ? double.PositiveInfinity : max);
    }
}

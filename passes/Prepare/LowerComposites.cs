using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//                                       %1 = nn.reciprocal(%b)
//  %0 = nn.div(%a, %b)            ⇒     %2 = nn.mul(%a, %1)
//
// Rows that have no integer form of their own, as rows that do: sums, products, and functions of one number, which become tables. A pass
// before calibrate, since every value in between needs a threshold.
public sealed class LowerComposites : RewritePass
{
    public static readonly PassInfo Record = new(
        "lower-composites",
        "Spell division, log-softmax, choice and L2 normalisation as sums, products and functions of one number",
        Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // a / b → a · (1 / b); by a constant: canonicalize
        Rule.On(NnBinary.Div).Where(o => !o["b"].IsConstant).Rewrite((o, context) =>
            context.Insert(o, NnBinary.Mul, [o["a"], context.Insert(o, NnUnary.Reciprocal, [o["b"]])])),
        // log_softmax(x) → d - log Σ exp(d), d = x - max x
        Rule.On(NnSoftmax.LogSoftmax).Rewrite(LogSoftmax),
        // l2_normalize(x) → x / √(mean x²) · 1/√n
        Rule.On(NnNorm.L2Normalize).Rewrite((o, context) =>
        {
            int axis = o["data"].Type.Shape.Axis(o.Int("axis"));
            var attributes = Attributes.Of(("axes", new[] { axis }), ("epsilon", 0.0), ("center", false));
            var normalized = context.Insert(o, NnNorm.Normalize, [o["data"]], attributes);
            double length = 1 / Math.Sqrt(o["data"].Type.Shape[axis]);
            return context.Insert(o, NnBinary.Mul, [normalized, context.Scalar(o, Insertion.NameFor(o, "length"), length)]);
        }),
        // where(c, x, y) → x · [c ≠ 0] + y · [c = 0]
        Rule.On(NnLookup.Where).Where(o => o["condition"].IsConstant && o.Operands.All(IsFinite)).Rewrite(Choose),
        // the same where the condition is computed: t = [c ≠ 0], c itself where it is 1 or 0; x · t + y · (1 - t)
        Rule.On(NnLookup.Where).Where(o => !o["condition"].IsConstant && o.Operands.All(IsFinite)).Rewrite(ChooseByData),
    ];

    private static Value LogSoftmax(Operation op, PassContext context)
    {
        var x = op["data"];
        var below = context.Insert(op, NnBinary.Sub, [x, Reduce(op, context, NnReduce.Max, x)]);
        var total = Reduce(op, context, NnReduce.Sum, context.Insert(op, NnUnary.Exp, [below]));
        return context.Insert(op, NnBinary.Sub, [below, context.Insert(op, NnUnary.Log, [total])]);
    }

    private static Value Choose(Operation op, PassContext context)
    {
        var condition = op["condition"].Constant!;
        var shape = condition.Tensor.Shape;
        double[] chosen = Array.ConvertAll(condition.Floats.ToArray(), c => c != 0 ? 1.0 : 0.0);
        var x = context.Insert(op, NnBinary.Mul, [op["x"], context.Constant(op, Insertion.NameFor(op, "chosen"), shape, chosen)]);
        var y = context.Insert(op, NnBinary.Mul,
            [op["y"], context.Constant(op, Insertion.NameFor(op, "other"), shape, Array.ConvertAll(chosen, c => 1 - c))]);
        return context.Insert(op, NnBinary.Add, [x, y]);
    }

    private static Value ChooseByData(Operation op, PassContext context)
    {
        var truth = Truth(op, op["condition"], context);
        var other = context.Insert(op, NnBinary.Sub, [context.Scalar(op, Insertion.NameFor(op, "one"), 1), truth]);
        var x = context.Insert(op, NnBinary.Mul, [op["x"], truth]);
        return context.Insert(op, NnBinary.Add, [x, context.Insert(op, NnBinary.Mul, [op["y"], other])]);
    }

    /// <summary>1 where a value is not 0, else 0.</summary>
    private static Value Truth(Operation op, Value value, PassContext context)
    {
        if (value.IsTruth()) return value;
        var zero = context.Scalar(op, Insertion.NameFor(op, "zero"), 0);
        Value above = context.Insert(op, NnBinary.Greater, [value, zero]), below = context.Insert(op, NnBinary.Greater, [zero, value]);
        return context.Insert(op, NnBinary.Max, [above, below]);
    }

    /// <summary>Zero times infinity is no zero.</summary>
    private static bool IsFinite(Value value) =>
        value.Constant is not { } constant || constant.Floats.IndexOfAnyExceptInRange(float.MinValue, float.MaxValue) < 0;

    private static Value Reduce(Operation op, PassContext context, OpSpec row, Value value) =>
        context.Insert(
            op, row, [value], Attributes.Of(("axes", new[] { value.Type.Shape.Axis(op.Int("axis")) }), ("keepdims", true)));
}

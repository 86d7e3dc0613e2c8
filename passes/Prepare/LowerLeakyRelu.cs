using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare;

//                                               %1 = nn.relu(%x)
//  %0 = nn.leaky_relu(%x) {slope = 0.1}    ⇒    %2 = nn.neg(%x)
//                                               %3 = nn.relu(%2)
//                                               %4 = nn.mul(%3, @slope)
//                                               %5 = nn.sub(%1, %4)
//
// For x < 0: relu(x) = 0 and slope·relu(-x) = -slope·x. Any slope will do.
public sealed class LowerLeakyRelu : RewritePass
{
    public static readonly PassInfo Record = new("lower-leaky-relu", "Split leaky_relu and prelu into two relus", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // leaky_relu(x; 0) → relu(x)
        Rule.On(NnUnary.LeakyRelu).Where(op => op.Float("slope") == 0)
            .Rewrite((op, context) => context.Insert(op, NnUnary.Relu, [op["data"]])),
        // leaky_relu(x; s) → relu(x) - s·relu(-x)
        Rule.On(NnUnary.LeakyRelu)
            .Rewrite((op, context) => Split(op, context, context.Scalar(op, Insertion.NameFor(op, "slope"), op.Float("slope")))),
        // prelu(x, s) with constant s → relu(x) - s·relu(-x)
        Rule.On(NnUnary.Prelu).Where(op => op["slope"].IsConstant).Rewrite((op, context) => Split(op, context, PerChannel(op, context))),
    ];

    private static Value Split(Operation op, PassContext context, Value slope)
    {
        var x = op["data"];
        var positive = context.Insert(op, NnUnary.Relu, [x]);
        var negative = context.Insert(op, NnUnary.Relu, [context.Insert(op, NnUnary.Neg, [x])]);
        return context.Insert(op, NnBinary.Sub, [positive, context.Insert(op, NnBinary.Mul, [negative, slope])]);
    }

    /// <summary>The slopes in a shape that broadcasts along axis 1: [C, 1, …].</summary>
    private static Value PerChannel(Operation prelu, PassContext context)
    {
        var old = prelu["slope"];
        double[] slopes = Array.ConvertAll(old.Floats()!, s => (double)s);
        var shape = slopes.Length == 1 ? Shape.Scalar
            : Shape.Of([slopes.Length, .. Enumerable.Repeat(1, prelu.Result.Type.Shape.Rank - 2)]);
        return context.Instead(prelu, old, shape, slopes);
    }
}

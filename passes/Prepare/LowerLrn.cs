using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare;

//                                                        %1 = nn.square(%x)
//  %0 = nn.lrn(%x) {size = 5, alpha = a, …}         ⇒    %2 = nn.conv2d(%1, @band, @bias) {kernel = [1, 1]}
//                                                        %3 = nn.pow(%2, @minus_beta)
//                                                        %4 = nn.mul(%x, %3)
//
// The sum over neighbouring channels is a convolution with a band matrix: alpha / size where input channel k is in the window of output
// channel c, that is from c - ⌊(size-1)/2⌋ to c + ⌈(size-1)/2⌉.
public sealed class LowerLrn : RewritePass
{
    public static readonly PassInfo Record = new(
        "lower-lrn", "Spell local response normalisation as squares, a sum over channels, a power and a product", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // lrn(x) → x · (bias + alpha / size · Σ x²)^-beta
        Rule.On(NnNorm.Lrn).Rewrite(Lower),
    ];

    private static Value Lower(Operation lrn, PassContext context)
    {
        var x = lrn["data"];
        int channels = x.Type.Shape[1];
        var squares = context.Insert(lrn, NnUnary.Square, [x]);
        var band = context.Constant(lrn, Insertion.NameFor(lrn, "band"), Shape.Of(channels, channels, 1, 1), Band(lrn, channels));
        var bias = context.Constant(
            lrn, Insertion.NameFor(lrn, "bias"), Shape.Of(channels), [.. Enumerable.Repeat(lrn.Float("bias"), channels)]);
        var sums = context.Insert(lrn, NnConv.Conv2D, [squares, band, bias], Attributes.Of(("kernel", new[] { 1, 1 })));
        var factors =
            context.Insert(lrn, NnBinary.Pow, [sums, context.Scalar(lrn, Insertion.NameFor(lrn, "exponent"), -lrn.Float("beta"))]);
        return context.Insert(lrn, NnBinary.Mul, [x, factors]);
    }

    private static double[] Band(IOperation op, int channels)
    {
        long size = op.Int("size"), before = (size - 1) / 2, after = size - 1 - before;
        double share = op.Float("alpha") / size;
        var band = new double[channels * channels];
        for (int c = 0; c < channels; c++)
            for (long k = Math.Max(0, c - before); k <= Math.Min(channels - 1, c + after); k++) band[c * channels + k] = share;
        return band;
    }
}

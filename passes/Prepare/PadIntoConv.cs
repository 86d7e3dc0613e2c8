using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.pad(%x) {before = [0, 0, 1, 1], after = [0, 0, 2, 2]}          %0 = nn.conv2d(%x, @w) {padding = [1, 1, 2, 2]}
//  %1 = nn.conv2d(%0, @w)                                           ⇒
//
// The CVM has no padding operator. Zeros around rows and columns become the padding of the convolution or average pool behind them; a max
// pool ignores its own padding, so zeros may go there only where nothing is below zero and each window sees an element of the image.
public sealed class PadIntoConv : RewritePass
{
    public static readonly PassInfo Record = new(
        "pad-into-conv", "Make zero padding part of the convolution or pool behind it", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // conv2d(pad(x; 0); p) → conv2d(x; p + pad)
        Rule.On(NnConv.Conv2D).Rewrite((op, context) => Absorb(op, context, pad => Value(pad) == 0)),
        // avg_pool2d(pad(x; 0); p) → avg_pool2d(x; p + pad), which counts the padding
        Rule.On(NnPool.AvgPool2D).Where(KeepsWindows).Rewrite((op, context) =>
            Absorb(op, context, pad => Value(pad) == 0 && CountsPadding(op), ("count_include_pad", true))),
        // max_pool2d(pad(x; 0); p) → max_pool2d(x; p + pad) for x >= 0; pad(x; -inf) for any x
        Rule.On(NnPool.MaxPool2D).Where(KeepsWindows).Rewrite((op, context) =>
            Absorb(op, context, pad => NeverWins(pad) && SeesImage(op, pad))),
    ];

    private static bool KeepsWindows(Operation pool) => !pool.Bool("ceil_mode");

    private static bool CountsPadding(Operation pool) =>
        pool.Bool("count_include_pad") || !SlidingWindow.Of(pool).HasPadding;

    private static double Value(Operation pad) => pad.Float("value");

    private static bool NeverWins(Operation pad) =>
        Value(pad) <= float.MinValue || (Value(pad) == 0 && pad["data"].Producer is { } x && x.Spec.Is(OpTraits.NeverNegative));

    private static bool SeesImage(Operation pool, Operation pad)
    {
        var window = Padded(pool, pad);
        return window.Padding.All(p => p < window.Rows.Extent && p < window.Columns.Extent);
    }

    /// <summary>The operation's window with the zeros of the pad as its own padding.</summary>
    private static SlidingWindow Padded(Operation op, Operation pad)
    {
        var window = SlidingWindow.Of(op);
        long[] own = window.Padding;
        var before = pad.Ints("before");
        var after = pad.Ints("after");
        return window.WithPadding(own[0] + before[2], own[1] + before[3], own[2] + after[2], own[3] + after[3]);
    }

    private static Value? Absorb(
        Operation op, PassContext context, Func<Operation, bool> fits, (string Name, AttributeValue Value)? also = null)
    {
        if (op["data"].MadeBy(NnShape.Pad) is not { } pad || !fits(pad)) return null;
        if (pad.Ints("before")[..2].Concat(pad.Ints("after")[..2]).Any(p => p != 0)) return null;
        var window = Padded(op, pad);
        var attributes = op.Attributes.With("padding", window.HasSymmetricPadding ? window.Padding[..2] : window.Padding);
        if (also is { } extra && op.Attributes.Has(extra.Name)) attributes = attributes.With(extra.Name, extra.Value);
        return context.Insert(op, op.Spec, [pad["data"], .. op.Operands.Skip(1)], attributes);
    }
}

using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes.Prepare.Folding;
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

    private static bool KeepsWindows(Operation pool) => !pool.Context.Bool("ceil_mode");

    private static bool CountsPadding(Operation pool) => pool.Context.Bool("count_include_pad") || !Window.Of(pool.Context).HasPadding;

    private static double Value(Operation pad) => pad.Context.Float("value");

    private static bool NeverWins(Operation pad) =>
        Value(pad) <= float.MinValue || (Value(pad) == 0 && pad.Operands[0].Producer is { } x && x.Spec.Is(OpTraits.NeverNegative));

    private static bool SeesImage(Operation pool, Operation pad)
    {
        var window = Window.Of(pool.Context);
        long[] sum = Sum(window, pad);
        return sum.All(p => p < (window.KernelH - 1) * window.DilationH + 1 && p < (window.KernelW - 1) * window.DilationW + 1);
    }

    private static long[] Sum(Window window, Operation pad)
    {
        var before = pad.Context.Ints("before");
        var after = pad.Context.Ints("after");
        return [window.Top + before[2], window.Left + before[3], window.Bottom + after[2], window.Right + after[3]];
    }

    private static Value? Absorb(
        Operation op, PassContext context, Func<Operation, bool> fits, (string Name, AttributeValue Value)? also = null)
    {
        if (op.Operands[0].MadeBy(NnShape.Pad) is not { } pad || pad.Result.Type.Shape.Rank != 4 || !fits(pad)) return null;
        if (pad.Context.Ints("before")[..2].Concat(pad.Context.Ints("after")[..2]).Any(p => p != 0)) return null;
        long[] sum = Sum(Window.Of(op.Context), pad);
        var attributes = op.Attributes.With("padding", sum[0] == sum[2] && sum[1] == sum[3] ? sum[..2] : sum);
        if (also is { } extra && op.Attributes.Has(extra.Name)) attributes = attributes.With(extra.Name, extra.Value);
        return context.Insert(op, op.Spec, [pad.Operands[0], .. op.Operands.Skip(1)], attributes);
    }
}

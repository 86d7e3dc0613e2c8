using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %1 = nn.conv2d(%0, @w, @b)
//  %2 = nn.mul(%1, @s)           ⇒      %1 = nn.conv2d(%0, @w·s, @b·s + @t)
//  %3 = nn.add(%2, @t)
//
// Multiplications by and additions of constants, one number or one per channel, go into the layer before or behind them where nobody else
// sees what lies between. Constants stand right (canonicalize); an addition before a padded convolution stays, since padding is not
// shifted.
public sealed class FuseScale : RewritePass
{
    public static readonly PassInfo Record = new(
        "fuse-scale", "Fold constant factors and offsets per channel into weights and biases", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // (W·x + b)·s → (s·W)·x + s·b
        Rule.On(NnBinary.Mul).Rewrite((op, context) => AfterLayer(op, context, (layer, c) => layer.ScaleOutputs(op, context, c, null))),
        // (W·x + b) + t → W·x + (b + t)
        Rule.On(NnBinary.Add).Rewrite((op, context) => AfterLayer(op, context, (layer, c) => layer.ScaleOutputs(op, context, null, c))),
        // -(W·x + b) → (-W)·x - b
        Rule.On(NnUnary.Neg).Rewrite((op, context) => Contraction.Behind(op["data"]) is { } layer
            ? layer.ScaleOutputs(op, context, [.. Enumerable.Repeat(-1.0, layer.Outputs)], null) : null),
        // W·(x·s) + b → (W·s)·x + b; W·(x + t) + b → W·x + (b + W·t)
        .. OpTable.With(Level.Float, OpTraits.Product).Select(spec => Rule.On(spec).Rewrite(BeforeLayer)),
    ];

    /// <summary>A dense layer may be reshaped behind, as flatten-dense leaves it, where the last axis stays.</summary>
    private static Value? AfterLayer(Operation op, PassContext context, Func<Contraction, double[], Value> fuse)
    {
        var data = op["a"];
        var shape = data.Type.Shape;
        if (data.OnlyMadeBy(NnShape.Reshape) is { } reshape && Contraction.Behind(reshape["data"]) is { IsConvolution: false } dense)
        {
            if (shape.Rank == 0 || shape[^1] != dense.Outputs || op["b"].AlongAxis(shape, shape.Rank - 1) is not { } last)
                return null;
            return context.Reshape(op, fuse(dense, Array.ConvertAll(last, c => (double)c)), shape);
        }
        if (Contraction.Behind(data) is not { } layer) return null;
        var constant = op["b"].AlongAxis(shape, layer.ResultAxis);
        return constant is null ? null : fuse(layer, Array.ConvertAll(constant, c => (double)c));
    }

    private static Value? BeforeLayer(Operation op, PassContext context)
    {
        if (Contraction.Of(op) is not { } layer || layer.Data.OnlyMadeBy(NnBinary.Mul, NnBinary.Add) is not { } before) return null;
        bool adds = before.Spec == NnBinary.Add;
        if (adds && layer.IsConvolution && SlidingWindow.Of(op).HasPadding) return null;
        var data = before["a"];
        if (before["b"].AlongAxis(data.Type.Shape, layer.DataAxis) is not { } along) return null;
        double[] constant = Array.ConvertAll(along, c => (double)c);
        return layer.ScaleInputs(op, context, data, adds ? null : constant, adds ? constant : null);
    }
}

using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %1 = nn.conv2d(%x, @w, @b)                                    %1 = nn.conv2d(%x, @w·s, (@b - @mean)·s + @beta)
//  %2 = nn.batch_norm(%1, @gamma, @beta, @mean, @var)     ⇒      where s = @gamma / √(@var + ε), per output channel
//
// Only when the layer has no other user: its unnormalised output must not be observable. A dense layer alike.
public sealed class FuseBatchNorm : RewritePass
{
    public static readonly PassInfo Record = new(
        "fuse-batch-norm", "Fold batch normalisation into the preceding convolution or dense layer", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // s·(W·x + b) + t → (s·W)·x + (s·b + t)
        Rule.On(NnConv.BatchNorm).Rewrite(IntoLayer),
    ];

    private static Value? IntoLayer(Operation batchNorm, PassContext context)
    {
        if (Contraction.Behind(batchNorm["data"]) is not { } layer || Normalisation.Of(batchNorm) is not { } norm) return null;
        return norm.Axis == layer.ResultAxis ? layer.ScaleOutputs(batchNorm, context, norm.Scale, norm.Offset) : null;
    }
}

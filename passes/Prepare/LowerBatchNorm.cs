using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;
using CortexMl.Tensors;

namespace CortexMl.Passes.Prepare;

//  %1 = nn.batch_norm(%0, @gamma, @beta, @mean, @var)    ⇒    %1 = nn.mul(%0, @s)
//                                                             %2 = nn.add(%1, @t)
//  where s = @gamma / √(@var + ε) and t = @beta - @mean·s, in shape [C, 1, 1]: what fuse-batch-norm could not fold.
public sealed class LowerBatchNorm : RewritePass
{
    public static readonly PassInfo Record = new(
        "lower-batch-norm", "Turn remaining batch normalisations into a multiplication and an addition", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // batch_norm(x) → x·s + t
        Rule.On(NnConv.BatchNorm).Rewrite(Lower),
    ];

    private static Value? Lower(Operation batchNorm, PassContext context)
    {
        if (Normalisation.Of(batchNorm) is not { } norm) return null;
        var shape = Shape.Of([norm.Scale.Length, .. Enumerable.Repeat(1, batchNorm.Result.Type.Shape.Rank - norm.Axis - 1)]);
        var scale = context.Constant(batchNorm, Insertion.NameFor(batchNorm, "scale"), shape, norm.Scale);
        var offset = context.Constant(batchNorm, Insertion.NameFor(batchNorm, "offset"), shape, norm.Offset);
        var scaled = context.Insert(batchNorm, NnBinary.Mul, [batchNorm["data"], scale]);
        return context.Insert(batchNorm, NnBinary.Add, [scaled, offset]);
    }
}

using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Ops.Cvm;

namespace CortexMl.Passes.Target;

//  quant graph … %0 = cvm.conv2d(%data, @w) : i21[…] @ axis 1: @0.scale   ⇒   graph … %0 = cvm.conv2d(%data, @w) : i21[…]
//
// What is left of the quant level is what the CVM runs: only integers, with scales on graph inputs and outputs alone.
public sealed class LowerCvm : RewritePass
{
    /// <summary>A result behind a redundant clip is of the narrower precision in front of it.</summary>
    public static readonly PassInfo Record = new(
        "lower-cvm", "Drop scales and redundant clips: only CVM operators and integers remain", Level.Quant, Level.Cvm)
    {
        Alters = GraphContract.Precisions,
    };

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // clip_p(x : i<p>) → x   a result of another scale, if ever so little, stays what it is
        Rule.On(CvmUnary.CvmClip).Where(o => o["data"].Type.Precision == o.Int("precision") && KeepsScale(o)).Rewrite((o, _) => o["data"]),
        // clip_p(x : i<q>) → x   for q < p: what is behind it has fewer bits too
        Rule.On(CvmUnary.CvmClip).Where(o => o["data"].Type.Precision < o.Int("precision") && KeepsScale(o)).Retyping()
            .Rewrite((o, _) => o["data"]),
        // relu(y) → y where y is never below zero
        Rule.On(CvmUnary.Relu).Where(o => o["data"].Producer is { } y && y.Spec.Is(OpTraits.NeverNegative))
            .Rewrite((o, _) => o["data"]),
        // reshape(x) → x   for the same shape
        Rule.On(CvmShape.Reshape).Where(o => o["data"].Type.Shape == o.Result.Type.Shape).Rewrite((o, _) => o["data"]),
    ];

    private static bool KeepsScale(Operation clip) =>
        !clip.Result.IsOutput || Equals(clip["data"].Type.Scale, clip.Result.Type.Scale);

    public override void Run(Graph graph, PassContext context)
    {
        base.Run(graph, context);
        DeadOperations.Erase(graph, context.Rewriter);
        var scaled = graph.Operations.SelectMany(o => o.Results).Where(v => v.Type.Scale is not null && !v.IsOutput).ToList();
        foreach (var value in scaled) context.Rewriter.SetType(value, value.Type with { Scale = null });
        context.Rewriter.AddCount(scaled.Count);
        context.Rewriter.SetLevel(Level.Cvm);
    }
}

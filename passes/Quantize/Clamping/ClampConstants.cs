using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Quantize.Clamping;

//  @mask: f32[2] = [0, -1e9]                             @mask: f32[2] = [0, -26]
//  %0 = nn.add(%x: … within 4, @mask) … within 1e9   ⇒   %0 = nn.add(%x: … within 4, @mask) … within 30
//  %1 = nn.softmax(%0)                                   %1 = nn.softmax(%0)
//
// One scale serves both operands of a sum; a constant far beyond the other one takes all its integers. Where the consumers saturate, what
// is further away than they can tell apart is brought to where they no longer can: for softmax λ below the least that the largest element
// of a row can be. Thresholds of what follows go down with it; that of softmax's own operand covers what is not masked, and its lowering
// takes as many bits more as the mask needs. A mask that is computed from data is clipped (DataMask).
public sealed class ClampConstants : Pass
{
    public static readonly PassInfo Record = new(
        "clamp-constants", "Bring constants that swamp a scale to where the saturating rows behind them no longer tell a difference",
        Level.Float, Level.Float);

    /// <summary>A calibrated value may go twice as far as its threshold: thresholds may cut off, and samples are not all inputs.</summary>
    internal const double Slack = 2;

    /// <summary>A constant decides over the scale where it is so many times larger than what it meets; less is left alone.</summary>
    private const double Swamps = 2;

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        // First: constants are brought as near as what they meet lets them.
        foreach (var operation in graph.Operations.ToList())
            if (!context.Rewriter.Exhausted) DataMask.Clip(operation, context);
        // Values whose range a constant decides; those behind a clamped one reach less far than calibrate saw.
        var (decided, lowered) = (new HashSet<Value>(), new HashSet<Value>());
        foreach (var operation in graph.Operations.Where(o => o.Constant is null).ToList())
        {
            if (context.Rewriter.Exhausted) return;
            var found = operation.Spec == NnShape.Pad ? Border(operation, context)
                : operation.Spec.Is(OpTraits.Product) ? SwampingBias.Clamp(operation, context) : Operands(operation, context);
            var followed = RealBounds.Followed(operation) ?? [];
            if (found != Found.Nothing || followed.Any(decided.Contains)) decided.Add(operation.Result);
            if (found != Found.Clamped && !followed.Any(lowered.Contains)) continue;
            lowered.Add(operation.Result);
            // What the value stands for in the loaded network reaches beyond what it is now: nobody may compare the two.
            context.Rewriter.SetProvenance(operation.Result, null);
            if (operation.Spec.Is(OpTraits.Product)) continue;
            var bounds = new RealBounds(1).Of(operation.Result);
            Lower(operation.Result, Useful().Visible(operation.Result, bounds.Least, bounds.Most), context);
        }
        foreach (var value in decided.Where(v => v.Uses.Count > 0 && v.Uses.All(u => u.User?.Spec == NnSoftmax.Softmax)))
        {
            double[] signals = [.. value.Uses.Select(u => SoftmaxRows.Of(u.User!, new RealBounds(1))?.Signal).OfType<double>()];
            if (signals.Length == value.Uses.Count) Lower(value, signals.Max(), context);
        }
    }

    /// <summary>Anew for every question: constants and thresholds have changed since the last.</summary>
    internal static UsefulRanges Useful() => new(new RealBounds(Slack));

    private static Found Operands(Operation operation, PassContext context)
    {
        bool isCandidate = operation.Spec == NnBinary.Add || operation.Spec == NnBinary.Sub || operation.Spec == NnBinary.Max
            || operation.Spec == NnBinary.Min || operation.Spec == NnShape.Concat;
        if (!isCandidate || operation.Operands.All(o => o.IsConstant)) return Found.Nothing;
        var found = Found.Nothing;
        double met = operation.Operands.Where(o => !o.IsConstant).Max(Demands.Threshold);
        for (int i = 0; i < operation.Operands.Count; i++)
        {
            var constant = operation.Operands[i];
            if (constant.Floats() is not { } elements || Demands.Threshold(constant) is var most && most <= Swamps * met) continue;
            var range = Useful().Of(operation, i);
            if (range.IsEmpty || range == UsefulRange.Everything) continue;
            float[] within = Array.ConvertAll(elements, e => (float)range.Clamp(e));
            if (found == Found.Nothing) found = Found.Swamping;
            if (within.Max(e => Math.Abs((double)e)) >= most) continue;
            Replace(operation, i, within, context);
            found = Found.Clamped;
        }
        return found;
    }

    /// <summary>Other elements for one operand, whoever else uses the old ones.</summary>
    internal static void Replace(Operation operation, int index, float[] elements, PassContext context)
    {
        var constant = operation.Operands[index];
        var replacement = context.Instead(operation, constant, constant.Type.Shape, elements);
        context.Rewriter.Replace(constant, replacement, use => use.User == operation && use.Index == index);
        context.Rewriter.EraseDead(constant.Producer!);
    }

    private static Found Border(Operation pad, PassContext context)
    {
        double value = pad.Float("value"), met = Demands.Threshold(pad["data"]);
        if (Math.Abs(value) <= Swamps * met || pad["data"].IsConstant) return Found.Nothing;
        var range = Useful().Of(pad, 0);
        if (range.IsEmpty || range == UsefulRange.Everything) return Found.Nothing;
        if (Math.Abs(range.Clamp(value)) >= Math.Abs(value)) return Found.Swamping;
        context.Rewriter.SetAttributes(pad, pad.Attributes.With("value", range.Clamp(value)));
        context.Rewriter.AddCount(1);
        return Found.Clamped;
    }

    internal static void Lower(Value value, double reach, PassContext context)
    {
        if (value.Type.Threshold is { } threshold && reach < threshold)
            context.Rewriter.SetType(value, value.Type with { Threshold = reach });
    }
}

/// <summary>What was found out about the constants of an operation.</summary>
internal enum Found
{
    Nothing,

    /// <summary>One decides over the scale, and is as near as it can be.</summary>
    Swamping,

    /// <summary>One was brought nearer.</summary>
    Clamped,
}

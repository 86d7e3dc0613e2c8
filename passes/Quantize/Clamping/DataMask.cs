using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Calibrate;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Quantize.Clamping;

//  %m = nn.mul(%padded, -1e4) … within 1e4                   %m = nn.mul(%padded, -52) … within 52
//                                                            %c = nn.clip(%m) {max = 0, min = -26} … within 26
//  %0 = nn.add(%x: … within 4, %m) … within 1e4         ⇒   %0 = nn.add(%x: … within 4, %c) … within 4
//  %1 = nn.softmax(%0)                                       %1 = nn.softmax(%0)
//
// A mask that comes with the data, as that of padded texts does: 0, or one number far down. In a row that is not masked throughout, some
// element is at least -x without a mask, and one that is masked λ below that weighs nothing; a row that is masked throughout is the
// softmax of what is left. Neither asks how far down the mask is.
internal static class DataMask
{
    /// <summary>What of the spread of two numbers may be missing where statistics come from a histogram.</summary>
    private const double Missing = 1.0 / 512;

    /// <summary>No network multiplies by as much as this but to mask.</summary>
    private const double Far = 1000;

    /// <summary>So many times further than what it is added to reaches a constant that is a mask itself.</summary>
    private const double IsMask = 16;

    /// <summary>Brings the mask of a sum nearer, where one of its operands is one and is not near already.</summary>
    public static void Clip(Operation sum, PassContext context)
    {
        if (sum.Spec != NnBinary.Add || sum.Operands.Any(o => o.IsConstant) || !IsForSoftmax(sum.Result)) return;
        for (int i = 0; i < sum.Operands.Count; i++)
        {
            var mask = sum.Operands[i];
            double signal = Signal(sum.Operands[1 - i]), depth = 2 * ClampConstants.Slack * signal + SoftmaxRows.Lambda;
            bool isFar = Demands.Threshold(mask) > depth && (IsProduct(mask) || IsSeen(mask, context));
            if (signal == 0 || !(isFar || Expect(mask, context))) continue;
            var near = Near(mask, 2 * depth, sum, context);
            var clip = Reaching(
                context.Insert(sum, NnUnary.Clip, [near], Attributes.Of(("min", -depth), ("max", 0.0))), depth, context);
            context.Rewriter.Replace(mask, clip, use => use.User == sum && use.Index == i);
            context.Rewriter.EraseDead(mask.Producer!);
            Lower(sum.Result, signal, context);
            return;
        }
    }

    /// <summary>
    /// A mask that goes no further down than it need, where it is a truth times a number, moved or not: no integers hold -3e38 times it.
    /// </summary>
    private static Value Near(Value mask, double depth, Operation sum, PassContext context)
    {
        if (mask.Producer is not { } op) return mask;
        if (IsMove(op))
        {
            var moved = Near(op.Operands[0], depth, sum, context);
            return moved == op.Operands[0] ? mask : Reaching(context.Insert(sum, op.Spec, [moved], op.Attributes), depth, context);
        }
        if (op.Spec != NnBinary.Mul || op["b"].Splat() is null || Demands.Threshold(op["a"]) is not (> 0 and var most)) return mask;
        var factor = context.Scalar(sum, Insertion.NameFor(op, "far"), (float)(-depth / most));
        return Reaching(context.Insert(sum, NnBinary.Mul, [op["a"], factor]), depth, context);
    }

    private static Value Reaching(Value made, double depth, PassContext context)
    {
        context.Rewriter.SetType(made, made.Type with { Threshold = depth });
        context.Rewriter.SetProvenance(made, null);
        return made;
    }

    /// <summary>Whether all that reads a value, moved or with constants added to it, is a softmax.</summary>
    private static bool IsForSoftmax(Value value) => value.Uses.Count > 0 && value.Uses.All(use => use.User is { } user
        && (user.Spec == NnSoftmax.Softmax || ((IsMove(user) || IsMasking(user, use.Index)) && IsForSoftmax(user.Result))));

    private static bool IsMove(Operation op) => op.Spec.Is(OpTraits.Moves) && op.Operands.Count == 1;

    private static bool IsMasking(Operation op, int index) => op.Spec == NnBinary.Add && op.Operands[1 - index].IsConstant;

    /// <summary>How far what is not masked reaches: of a sum with a constant mask its other operand.</summary>
    private static double Signal(Value value)
    {
        double reach = Demands.Threshold(value);
        return value.Producer is { } op && op.Spec == NnBinary.Add && op["b"].IsConstant && Demands.Threshold(op["a"]) is var other
            && other > 0 && reach > IsMask * other ? Signal(op["a"]) : reach;
    }

    /// <summary>The sum and what moves it reach as far as what is not masked; the softmax takes the bits that the mask needs.</summary>
    private static void Lower(Value value, double signal, PassContext context)
    {
        context.Rewriter.SetProvenance(value, null);
        ClampConstants.Lower(value, signal, context);
        foreach (var use in value.Uses)
            if (use.User is { } user && IsMove(user)) Lower(user.Result, signal, context);
    }

    /// <summary>
    /// Whether it is a mask that calibration never saw at work, since nothing was padded: 0 throughout, and a product with a number that
    /// only masks have. Then what is multiplied is expected to become 1.
    /// </summary>
    private static bool Expect(Value mask, PassContext context)
    {
        if (Demands.Threshold(mask) != 0 || mask.Producer is not { } op) return false;
        if (IsMove(op)) return Expect(op.Operands[0], context);
        if (op.Spec != NnBinary.Mul || !(op["b"].Splat() <= -Far) || op["a"].IsConstant) return false;
        if (Demands.Threshold(op["a"]) == 0) context.Rewriter.SetType(op["a"], op["a"].Type with { Threshold = 1 });
        return true;
    }

    /// <summary>Whether it is a truth times one number below zero, whatever the data.</summary>
    private static bool IsProduct(Value mask) => mask.Producer is { } op
        && (IsMove(op) ? IsProduct(op.Operands[0]) : op.Spec == NnBinary.Mul && op["b"].Splat() < 0 && op["a"].IsTruth());

    /// <summary>
    /// Whether calibration saw two numbers only, 0 and one below: of all values in a range those have the largest variance for their mean,
    /// (max - mean) · (mean - min).
    /// </summary>
    private static bool IsSeen(Value mask, PassContext context)
    {
        if (context.Services.Results.Get<CalibratedNames>()?.Values.FirstOrDefault(v => v.Value == mask).Name is not { } name) return false;
        if (context.Services.Results.Get<CalibrationFile>()?.Values.FirstOrDefault(v => v.Name == name)?.Seen is not { } seen) return false;
        double least = seen.Min, mean = seen.Mean / least, deviation = seen.Deviation / least;
        return seen.Max == 0 && least < 0 && Math.Abs(deviation * deviation - mean * (1 - mean)) <= Missing;
    }
}

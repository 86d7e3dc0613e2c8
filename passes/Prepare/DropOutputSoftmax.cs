using CortexMl.Ir;
using CortexMl.Ops;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.dense(%x, @w)
//  %1 = nn.softmax(%0)       ⇒      %0 = nn.dense(%x, @w)
//  return %1                        return %0
//
// The only rewrite here that changes the function: both softmaxes keep the order of the scores along the axis, which is what a classifier
// is asked for. It is told in a note, and {mode=keep} keeps them. Only over the last axis longer than 1, and only where nothing but graph outputs
// use the result, reshaped at most.
public sealed class DropOutputSoftmax : RewritePass
{
    public static readonly PassInfo Record = new(
        "drop-output-softmax", "Leave out a softmax at a graph output: the order of the scores stays", Level.Float, Level.Float,
        new PassOption("mode", PassOptionKind.Choice, "drop", "drop, or keep the probabilities") { Choices = ["drop", "keep"] });

    private static readonly OpSpec[] Reshapes = [NnShape.Reshape, NnShape.Flatten, NnShape.Squeeze, NnShape.ExpandDims];

    public override PassInfo Info => Record;

    protected override IEnumerable<Rule> Rules =>
    [
        // return softmax(x) → return x
        Rule.On(NnSoftmax.Softmax).Where(IsLast).Rewrite(Drop),
        // return log(softmax(x)) → return log_softmax(x)
        Rule.On(NnUnary.Log).Where(log => log.Operands[0].OnlyMadeBy(NnSoftmax.Softmax) is not null && EndsAtOutputs(log.Result)).Rewrite(Joined),
        // return log_softmax(x) → return x
        Rule.On(NnSoftmax.LogSoftmax).Where(IsLast).Rewrite(Drop),
    ];

    private static bool IsLast(Operation softmax)
    {
        var shape = softmax.Result.Type.Shape;
        return shape.Skip(shape.Axis(softmax.Context.Int("axis")) + 1).All(dim => dim == 1) && EndsAtOutputs(softmax.Result);
    }

    private static bool EndsAtOutputs(Value value) => value.Uses.All(use =>
        use.User is not { } user || (Reshapes.Contains(user.Spec) && EndsAtOutputs(user.Result)));

    private static Value Joined(Operation log, PassContext context)
    {
        var softmax = log.Operands[0].Producer!;
        return context.Insert(log, NnSoftmax.LogSoftmax, [softmax.Operands[0]], softmax.Attributes);
    }

    private static Value? Drop(Operation softmax, PassContext context)
    {
        if (context.Options.Text("mode") == "keep") return null;
        context.Diagnostics.Note(PrepareCodes.SoftmaxDropped,
            $"{softmax.Spec.Name} at the output was left out: the result is its operand, in the same order",
            softmax.Location, "drop-output-softmax{mode=keep} keeps it");
        return softmax.Operands[0];
    }
}

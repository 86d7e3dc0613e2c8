using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.dense(%x, @w)
//  %1 = nn.softmax(%0)       ⇒      %0 = nn.dense(%x, @w)
//  return %1                        return %0               attributes {output.0.last = "softmax", …}
//
// The only rewrite here that changes the function. In integers a softmax costs gas and bits, and the arg-maximum is the same without
// it; so one that ends a network is left to whoever reads the scores: a note says it, the graph's attributes keep it, model.io.json
// hands it on, and `run` applies it in float. All outputs alike, each by itself: over any axis, below a logarithm, behind reshapes and
// transposes (which the scores go through instead), and also where something inside uses the probabilities, which then stay for that.
// {mode=keep} keeps all.
public sealed class DropOutputSoftmax : Pass
{
    public static readonly PassInfo Record = new(
        "drop-output-softmax", "Leave a softmax at a graph output to the reader of the scores", Level.Float, Level.Float,
        new PassOption("mode", PassOptionKind.Choice, "drop", "drop, or keep the probabilities") { Choices = ["drop", "keep"] });

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        if (context.Options.Text("mode") == "keep") return;
        var names = OutputSignature.Names(graph);
        bool dropped = false;
        for (int k = 0; k < graph.Outputs.Count; k++)
        {
            bool isDone = context.Rewriter.Exhausted || OutputSignature.LastStepOf(graph, k) is not null;
            if (isDone || Ending.Of(graph.Outputs[k]) is not { } ending) continue;
            Drop(graph.Outputs[k], k, ending, context);
            dropped = true;
            context.Diagnostics.Note(PrepareCodes.SoftmaxDropped,
                $"output '{names[k]}' holds logits: {ending.Step} is left to the reader of the scores, and cortexml run does it in float",
                ending.Softmax.Location, "drop-output-softmax{mode=keep} keeps it in the network");
        }
        if (dropped) context.Rewriter.SetGraphAttributes(OutputSignature.Named(graph, names));
    }

    private static void Drop(Value output, int k, Ending ending, PassContext context)
    {
        var (rewriter, scores) = (context.Rewriter, ending.Softmax["data"]);
        foreach (var move in ending.Moves)
        {
            var moved = context.Insert(move, move.Spec, [scores], move.Attributes);
            if (move.Spec.Is(OpTraits.Reshapes)) rewriter.SetProvenance(moved, scores.Provenance);
            scores = moved;
        }
        // The range of probabilities is not that of the scores.
        if (output.HasOneUse) rewriter.SetType(output, output.Type with { Threshold = null });
        rewriter.Replace(output, scores, use => use.IsGraphOutput && use.Index == k);
        rewriter.EraseDead(output.Producer!);
        rewriter.SetGraphAttributes(OutputSignature.With(rewriter.Graph.Attributes, k, ending.Step));
    }

    /// <summary>A softmax, and what moves its result on the way to an output, first to last.</summary>
    private sealed record Ending(Operation Softmax, LastStep Step, IReadOnlyList<Operation> Moves)
    {
        /// <summary>Null where no softmax ends at the value, or something happens to it on the way that cannot come before it.</summary>
        public static Ending? Of(Value output)
        {
            var (moves, value) = (new List<Operation>(), output);
            for (; IsMove(value.Producer); value = value.Producer!.Operands[0]) moves.Insert(0, value.Producer!);
            var below = value.MadeBy(NnUnary.Log)?.Operands[0].MadeBy(NnSoftmax.Softmax);
            var softmax = below ?? value.MadeBy(NnSoftmax.LogSoftmax) ?? value.MadeBy(NnSoftmax.Softmax);
            if (softmax is null) return null;
            string op = below is not null || softmax.Spec == NnSoftmax.LogSoftmax ? LastStep.LogSoftmax : LastStep.Softmax;
            var shape = softmax.Result.Type.Shape;
            LastStep? step = new(op, shape.Axis(softmax.Int("axis")), [.. shape]);
            foreach (var move in moves) step = step is null ? null : Behind(step, move);
            return step is null ? null : new(softmax, step, moves);
        }

        private static bool IsMove(Operation? operation) =>
            operation is not null && (operation.Spec.Is(OpTraits.Reshapes) || operation.Spec == NnShape.Transpose);

        /// <summary>The same step where it is done behind a move, in place of before.</summary>
        private static LastStep? Behind(LastStep step, Operation move)
        {
            if (move.Spec != NnShape.Transpose) return step;
            // The axis among those that are turned, which a reshape may have numbered anew; null where it was cut or joined with others.
            var shape = move["data"].Type.Shape;
            int length = step.Shape[step.Axis];
            int axis = Enumerable.Range(0, shape.Rank).FirstOrDefault(a => shape[a] == length && shape.Strides()[a] == step.Stride, -1);
            int turned = axis < 0 ? -1 : move.Ints("axes").Select(a => shape.Axis(a)).ToList().IndexOf(axis);
            return turned < 0 ? null : step with { Axis = turned, Shape = [.. move.Result.Type.Shape] };
        }
    }
}

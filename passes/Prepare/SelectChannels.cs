using CortexMl.Ir;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.reshape(%x) {shape = [1, 2, 3, 4, 4]}
//  %1 = nn.transpose(%0) {axes = [0, 2, 1, 3, 4]}
//  %2 = nn.reshape(%1) {shape = [1, 6, 4, 4]}                                   @c: f32[6] = [0, 3, 1, 4, 2, 5]
//  %3 = nn.slice(%2) {begin = [0, 0, 0, 0], end = [1, 1, 4, 4], …}      ⇒      %2 = nn.take(%x, @c) {axis = 1}
//                                                                               %3 = nn.slice(%x) {begin = [0, 0, 0, 0], …}
//
// Channels that are shuffled or selected by a chain of moves: one slice where they follow each other at one distance, else one take, and
// nothing where they all arrive in their order. Every element is followed through the chain, so that the result is the same bit for bit.
// Only where gas is saved: a value of the chain that others need stays, and what is made of it may as well stay behind it.
public sealed class SelectChannels : Pass
{
    /// <summary>Every rewrite saves gas: a graph that still changes after this many sweeps is a mistake of the pass.</summary>
    private const int MaxSweeps = 100;

    public static readonly PassInfo Record = new(
        "select-channels", "Spell chains of moves that select or shuffle channels as one slice or one take", Level.Float, Level.Float);

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        for (int sweep = 0; sweep < MaxSweeps; sweep++)
            if (!Sweep(graph, context)) return;
        throw new InvalidOperationException($"{Info.Name} still rewrites after {MaxSweeps} sweeps");
    }

    /// <summary>Front to back, so that a chain is seen from its start.</summary>
    private static bool Sweep(Graph graph, PassContext context)
    {
        bool changed = false;
        foreach (var root in graph.Inputs.Concat(graph.Operations.SelectMany(o => o.Results)).ToList())
        {
            foreach (var (move, selection) in MoveTree.Below(root)?.Savings() ?? [])
            {
                if (context.Rewriter.Exhausted) return false;
                context.Rewriter.Replace(move.Result, selection.Insert(move, context, root));
                context.Rewriter.EraseDead(move);
                changed = true;
            }
        }
        return changed;
    }
}

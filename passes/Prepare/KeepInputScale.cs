using CortexMl.Ir;
using CortexMl.Ops.Nn;
using CortexMl.Passes.Prepare.Matching;

namespace CortexMl.Passes.Prepare;

//  %0 = nn.sub(%x, [55, 0.4, 41562])                   %0 = nn.sub(%x, [55, 0.4, 41562])
//  %1 = nn.div(%0, [21, 0.5, 23452])            ⇒      %1 = nn.div(%0, [21, 0.5, 23452])
//  %2 = nn.dense(%1, @w)                               %2 = nn.identity(%1)
//                                                      %3 = nn.dense(%2, @w)
//
// A network that standardises its input. Folded into the layer behind (fuse-scale), all that is left is an input of one scale for columns
// of very different ranges. So where the constants say that the ranges are far apart, or far from zero, the chain is kept from folding
// until lift-input-scale knows what comes out of it.
public sealed class KeepInputScale : Pass
{
    public static readonly PassInfo Record = new(
        "keep-input-scale", "Keep a network's own standardisation of an input from folding where its columns differ much in range",
        Level.Float, Level.Float);

    /// <summary>Largest by smallest factor, and offset of a standardised column, from which on one scale costs bits.</summary>
    private const double Far = 8;

    public override PassInfo Info => Record;

    public override void Run(Graph graph, PassContext context)
    {
        foreach (var input in graph.Inputs.ToList())
        {
            if (context.Rewriter.Exhausted) return;
            if (InputScale.Of(input) is not { } scale || !IsFar(scale)) continue;
            if (scale.Result.Uses.All(u => u.User!.Spec == NnUnary.Identity)) continue;
            var users = scale.Result.Uses.Select(u => u.User).ToHashSet();
            var kept = context.Insert(scale.Result.Uses[0].User!, NnUnary.Identity, [scale.Result]);
            context.Rewriter.Replace(scale.Result, kept, use => users.Contains(use.User));
        }
    }

    /// <summary>Whether an operation is what keeps such a chain from folding.</summary>
    public static bool Keeps(Operation operation) => operation.Spec == NnUnary.Identity && InputOf(operation) is { } input
        && InputScale.Of(input) is { } scale && scale.Result == operation["data"] && IsFar(scale);

    private static bool IsFar(InputScale scale)
    {
        double[] sizes = Array.ConvertAll(scale.Factor, Math.Abs);
        return !scale.Result.IsOutput && (sizes.Max() >= Far * sizes.Min() || Array.Exists(scale.Offset, o => Math.Abs(o) >= Far));
    }

    /// <summary>The value at the head of a chain: of each operation's operands one alone is no constant.</summary>
    private static Value? InputOf(Operation operation)
    {
        var value = operation["data"];
        while (value.Producer is { } producer)
        {
            if (producer.Operands.FirstOrDefault(o => !o.IsConstant) is not { } computed) return null;
            value = computed;
        }
        return value;
    }
}

using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Comparing;

/// <summary>Smaller graphs made of a graph, those that may save most first. Null where a cut cannot be made.</summary>
internal static class Cuts
{
    /// <summary>In graphs of no more operations every place is tried; in longer ones a half, a quarter, an eighth … is cut off.</summary>
    private const int Few = 64;

    /// <summary>Returns one value alone: an early one first.</summary>
    public static IEnumerable<Func<Graph?>> Ends(Graph graph)
    {
        foreach (int i in Spread(graph, fromEnd: false))
            yield return () => Changed(graph, copy => copy.SetOutputs([copy.Graph.Operations[i].Results[0]]));
        for (int k = 0; graph.Outputs.Count > 1 && k < graph.Outputs.Count; k++)
        {
            int kept = k;
            yield return () => Changed(graph, copy => copy.SetOutputs([copy.Graph.Outputs[kept]]));
        }
    }

    /// <summary>Takes one value as an input: a late one first, with what leads to it gone.</summary>
    public static IEnumerable<Func<Graph?>> Beginnings(Graph graph)
    {
        foreach (int i in Spread(graph, fromEnd: true))
        {
            yield return () => Changed(graph, copy =>
            {
                var old = copy.Graph.Operations[i].Results[0];
                if (old.IsOutput) return;
                copy.Replace(old, copy.AddInput(old.Name is { } name ? name : "x", old.Type));
            });
        }
    }

    /// <summary>Puts an operand of the same type in the place of a result, last operations first.</summary>
    public static IEnumerable<Func<Graph?>> Omissions(Graph graph)
    {
        for (int i = graph.Operations.Count - 1; i >= 0; i--)
        {
            int place = i;
            foreach (int k in Enumerable.Range(0, graph.Operations[i].Operands.Count))
            {
                yield return () => Changed(graph, copy =>
                {
                    var (old, operand) = (copy.Graph.Operations[place].Results[0], copy.Graph.Operations[place].Operands[k]);
                    if (old.Type.Fits(operand.Type) && Equals(old.Type.Scale, operand.Type.Scale)) copy.Replace(old, operand);
                });
            }
        }
    }

    /// <summary>Indices of operations, constants apart, that which cuts off most first.</summary>
    private static IReadOnlyList<int> Spread(Graph graph, bool fromEnd)
    {
        int[] all = [.. graph.Operations.Index().Where(o => o.Item.Constant is null && o.Item.Results.Count == 1).Select(o => o.Index)];
        if (fromEnd) Array.Reverse(all);
        if (all.Length <= Few) return all;
        var kept = new List<int>();
        for (int cut = all.Length / 2; cut > 0; cut /= 2) kept.Add(all[all.Length - 1 - cut]);
        return kept;
    }

    private static Graph? Changed(Graph graph, Action<Rewriter> change)
    {
        var copy = GraphCopy.Of(graph);
        var rewriter = new Rewriter(copy);
        int version = copy.Version;
        change(rewriter);
        if (copy.Version == version) return null;
        Sweep(copy, rewriter);
        // What was said about other inputs and outputs.
        if (Verifier.Check(copy).HasErrors) rewriter.SetGraphAttributes(Attributes.Empty);
        return copy;
    }

    /// <summary>What nothing needs any longer: operations, then inputs.</summary>
    private static void Sweep(Graph graph, Rewriter rewriter)
    {
        foreach (var operation in graph.Operations.Reverse())
            if (operation.Results.All(r => r.Uses.Count == 0)) rewriter.Erase(operation);
        var unused = graph.Inputs.Where(i => i.Uses.Count == 0).ToList();
        // The networks of the runtime have an input, whether it is read or not.
        if (unused.Count == graph.Inputs.Count) unused.RemoveAt(0);
        if (unused.Count > 0) rewriter.RemoveInputs(unused);
    }
}

using CortexMl.Ir;

namespace CortexMl.Passes;

/// <summary>Erases operations whose results nobody uses; back to front, so that what only they used goes in the same sweep.</summary>
public static class DeadOperations
{
    public static void Erase(Graph graph, Rewriter rewriter)
    {
        for (int i = graph.Operations.Count - 1; i >= 0; i--)
            if (graph.Operations[i].Results.All(r => r.Uses.Count == 0)) rewriter.Erase(graph.Operations[i]);
    }
}

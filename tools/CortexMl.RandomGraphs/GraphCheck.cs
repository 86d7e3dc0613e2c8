using CortexMl.Engines;
using CortexMl.Ir;
using CortexMl.Passes;
using CortexMl.Running;
using CortexMl.Text;
using CortexMl.Verifying;

namespace CortexMl.RandomGraphs;

/// <summary>Whether engines give the interpreter's numbers on a graph.</summary>
public static class GraphCheck
{
    /// <summary>Two, because memory is shared and used again.</summary>
    private const int Samples = 2;

    /// <returns>The first difference by node, with the engine; null where all agree.</returns>
    public static string? Difference(Graph graph, string engine)
    {
        var inputs = Enumerable.Range(0, Samples).Select(seed => RandomInputs.Of(graph, seed)).ToList();
        string[] engines = [EngineList.OfProduct.Reference.Name, engine];
        var verdict = EngineVerifier.Run(new Model(graph.Name, graph), inputs, engines, NoProgress.Instance)
            .Engines.FirstOrDefault(e => e.Difference is not null);
        return verdict is null
            ? null
            : $"{verdict.Engine}, {verdict.Threads} {(verdict.Threads == 1 ? "thread" : "threads")}: {verdict.Difference}";
    }

    /// <summary>For property tests: throws where engines disagree, or where one fails.</summary>
    public static void Check(Graph graph, string engine)
    {
        if (Difference(graph, engine) is { } difference) throw new InvalidOperationException(difference);
    }

    /// <summary>The graph with all of its numbers, as a file to reproduce with.</summary>
    public static string Text(Graph graph) => TextPrinter.Print(graph, new PrintOptions { InlineLimit = int.MaxValue });
}

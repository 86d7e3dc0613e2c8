using CortexMl.Benchmarks;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Reports;

/// <summary>Which value of the network as it was loaded an operation of the compiled graph belongs to: the user's own names.</summary>
internal static class LayerNames
{
    /// <summary>
    /// For each operation that is no constant, in the graph's order: the value that its result stands for, else the one that is computed
    /// from it first, else its own name.
    /// </summary>
    /// <param name="graph">Behind the passes, with what its values stand for.</param>
    public static IReadOnlyList<string> Of(Graph graph)
    {
        var names = Names.Of(graph);
        var layers = new Dictionary<Operation, string>();
        List<Operation> operations = [.. graph.Operations.Where(o => o.Constant is null)];
        foreach (var operation in operations.AsEnumerable().Reverse())
        {
            var result = operation.Results[0];
            var user = operation.Results.SelectMany(r => r.Uses).Select(use => use.User).FirstOrDefault(u => u is not null);
            layers[operation] = result.Provenance?.Real.Name ?? (user is null ? names[result] : layers[user]);
        }
        return [.. operations.Select(o => layers[o])];
    }

    /// <summary>The groups of a measured folder with the names that its report has for them.</summary>
    /// <param name="graph">As the symbol has it: operation by operation the graph of the report.</param>
    /// <param name="report">Of the same folder; null where there is none.</param>
    public static BenchReport In(BenchReport measured, Graph graph, CompileReport? report)
    {
        if (Matching(graph, report) is not { } costs) return measured;
        var names = Names.Of(graph);
        var layers = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (operation, cost) in graph.Operations.Where(o => o.Constant is null).Zip(costs))
            foreach (var result in operation.Results) layers[names[result]] = cost.Layer;
        return measured with { Groups = [.. measured.Groups.Select(g => g with { Layer = layers.GetValueOrDefault(g.Value) })] };
    }

    /// <summary>The operations of a report where they are those of the graph, one by one; else null.</summary>
    public static IReadOnlyList<OperationCost>? Matching(Graph graph, CompileReport? report)
    {
        if (report?.Details?.Operations is not { } costs) return null;
        var operators = graph.Operations.Where(o => o.Constant is null).Select(o => o.Spec.CvmName);
        return operators.SequenceEqual(costs.Select(c => c.Operator), StringComparer.Ordinal) ? costs : null;
    }
}

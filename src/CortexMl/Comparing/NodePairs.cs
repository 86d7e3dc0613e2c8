using CortexMl.Ir;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Reports;

namespace CortexMl.Comparing;

/// <summary>Two values that stand for the same one of the loaded network, or are the same output.</summary>
/// <param name="Name">As the loaded network has it.</param>
/// <param name="IsOutput">Whether the second network returns it.</param>
internal sealed record NodePair(string Name, Value First, Value Second, bool IsOutput)
{
    /// <summary>
    /// Pairs by provenance, in the order of the second graph; of files, which tell no provenance, by name. Outputs are paired by position
    /// too, unless one network leaves its last step to the reader. Values of other sizes are no pair.
    /// </summary>
    public static IReadOnlyList<NodePair> Of(Model first, Model second)
    {
        var known = Forms(first.Graph).ToLookup(form => form.Name, form => form.Value, StringComparer.Ordinal);
        var outputs = second.Graph.Outputs.ToHashSet();
        var pairs = new List<NodePair>();
        foreach (var (name, value) in Forms(second.Graph))
            if (known[name].LastOrDefault() is { } other && IsAlike(other, value))
                pairs.Add(new(name, other, value, outputs.Contains(value)));
        var paired = pairs.Select(p => p.Second).ToHashSet();
        foreach (var (k, (one, other)) in first.Graph.Outputs.Zip(second.Graph.Outputs).Index())
        {
            // Of a network that is split, outputs are other values.
            if (first.Tail is null != second.Tail is null) break;
            if (other.Producer?.Constant is not null || other.IsInput || one.IsInput || one.IsConstant || !paired.Add(other)) continue;
            if (IsAlike(one, other) && LeavesStep(first, k) == LeavesStep(second, k))
                pairs.Add(new(second.OwnOutputs[k].Name, one, other, true));
        }
        var places = second.Graph.Operations.Index().ToDictionary(o => o.Item, o => o.Index);
        return [.. pairs.OrderBy(p => places[p.Second.Producer!])];
    }

    private static bool LeavesStep(Model model, int k) => model.OwnOutputs[k].LastStep is not null;

    // Row by row, as the CVM has it, a value may have another shape.
    private static bool IsAlike(Value one, Value other) => one.Type.Shape.Count == other.Type.Shape.Count
        && (one.Type.Shape == other.Type.Shape || !(IsPerChannel(one) || IsPerChannel(other)));

    private static bool IsPerChannel(Value value) => (value.Type.Scale ?? value.Provenance?.Scale)?.IsPerChannel == true;

    /// <summary>What stands for values of the loaded network, in the graph's order; of integers those that are read as the value.</summary>
    private static IEnumerable<(string Name, Value Value)> Forms(Graph graph)
    {
        var results = graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results);
        bool isTold = results.Any(v => v.Provenance is not null);
        if (!isTold) return results.Where(v => v.Name is not null).Select(v => (v.Name!, v));
        var told = graph.Level == Level.Float ? results.Where(v => v.Provenance is not null) : ReadForms.Of(graph);
        return told.Select(v => (v.Provenance!.Real.Name, v));
    }
}

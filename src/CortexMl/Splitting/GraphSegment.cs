using CortexMl.Ir;

namespace CortexMl.Splitting;

/// <summary>The part of a graph that some of its values need, with values in between as further inputs.</summary>
/// <param name="Graph">With the inputs of the whole graph, then one for each entry.</param>
/// <param name="Entries">The values of the whole graph that the further inputs stand for.</param>
internal sealed record GraphSegment(Graph Graph, IReadOnlyList<Value> Entries)
{
    /// <param name="entries">Values of the graph that come from outside; those of them that are needed become inputs.</param>
    /// <param name="outputs">Values of the graph to return, in this order.</param>
    public static GraphSegment Of(Graph graph, IReadOnlySet<Value> entries, IReadOnlyList<Value> outputs)
    {
        var needed = Needed(entries, outputs);
        var build = new GraphBuilder(graph.Name, graph.Level);
        var copies = new Dictionary<Value, Value>();
        foreach (var input in graph.Inputs) copies[input] = build.Input(input.Name!, input.Type);
        Value[] taken = [.. graph.Operations.SelectMany(o => o.Results).Where(v => needed.Contains(v) && entries.Contains(v))];
        foreach (var entry in taken) copies[entry] = build.Input(entry.Name ?? "restored", entry.Type with { Scale = null });
        foreach (var operation in graph.Operations.Where(o => o.Results.Any(r => needed.Contains(r) && !entries.Contains(r))))
        {
            if (operation.Constant is { } constant)
            {
                copies[operation.Result] = build.Constant(operation.Result.Name!, constant, operation.Result.Type, operation.Location);
                continue;
            }
            var copy = build.Operation(
                operation.Spec, [.. operation.Operands.Select(o => copies[o])], operation.Attributes,
                [.. operation.Results.Select(r => r.Name)], operation.Location);
            foreach (var (old, result) in operation.Results.Zip(copy.Results)) build.SetType(copies[old] = result, old.Type);
        }
        foreach (var output in outputs) build.Output(copies[output]);
        return new(build.Build(), taken);
    }

    /// <summary>The entries on which a value depends, itself among them.</summary>
    public static IEnumerable<Value> EntriesOf(Value value, IReadOnlySet<Value> entries) =>
        Needed(entries, [value]).Where(entries.Contains);

    /// <summary>What outputs are made of, as far as the entries, themselves among it.</summary>
    public static HashSet<Value> Needed(IReadOnlySet<Value> entries, IEnumerable<Value> outputs)
    {
        var needed = new HashSet<Value>();
        var open = new Stack<Value>(outputs);
        while (open.TryPop(out var value))
        {
            if (!needed.Add(value) || entries.Contains(value) || value.Producer is not { } producer) continue;
            foreach (var operand in producer.Operands) open.Push(operand);
        }
        return needed;
    }
}

using CortexMl.Ir.Origins;

namespace CortexMl.Ir.Walks;

/// <summary>An independent graph with the same operations, names and types; constants share their elements.</summary>
public static class GraphCopy
{
    /// <param name="change">What becomes of each constant's payload; null shares it.</param>
    public static Graph Of(Graph graph, Func<ConstantData, ConstantData>? change = null)
    {
        var build = new GraphBuilder(graph.Name, graph.Level);
        var copies = new Dictionary<Value, Value>();
        foreach (var input in graph.Inputs) copies[input] = build.Input(input.Name!, input.Type);
        foreach (var operation in graph.Operations)
        {
            if (operation.Constant is { } constant)
            {
                copies[operation.Result] =
                    build.Constant(operation.Result.Name!, change?.Invoke(constant) ?? constant, operation.Result.Type, operation.Location);
                continue;
            }
            var copy = build.Operation(
                operation.Spec, [.. operation.Operands.Select(o => copies[o])], operation.Attributes,
                [.. operation.Results.Select(r => r.Name)], operation.Location);
            foreach (var (old, result) in operation.Results.Zip(copy.Results))
            {
                build.SetType(result, old.Type);
                result.Provenance = old.Provenance;
                copies[old] = result;
            }
        }
        foreach (var output in graph.Outputs) build.Output(copies[output]);
        build.SetAttributes(graph.Attributes);
        return build.Build();
    }
}

using CortexMl.Engines.Cpu.Planning;
using CortexMl.Ir;

namespace CortexMl.Engines;

/// <summary>How much a graph computes.</summary>
public static class Work
{
    /// <summary>Multiplications and additions of convolutions and dense layers.</summary>
    public static double Of(Graph graph) => graph.Operations.Sum(Of);

    /// <summary>The same of each product's group on the CPU engine, by the value at the end of the group.</summary>
    public static IReadOnlyDictionary<Value, double> OfGroups(Graph graph) => GroupFinder.Of(graph).Groups.Values
        .Where(group => group.Head is { } head && head.Spec.Is(OpTraits.Product))
        .ToDictionary(group => group.Result, group => Of(group.Head!));

    private static double Of(Operation operation) => operation.Spec.Is(OpTraits.Product)
        ? 2.0 * operation.Result.Type.Shape.Count
            * (operation.Operands[1].Type.Shape.Count / Math.Max(1, operation.Operands[1].Type.Shape[0]))
        : 0;
}

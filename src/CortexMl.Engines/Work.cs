using CortexMl.Ir;

namespace CortexMl.Engines;

/// <summary>How much a graph computes.</summary>
public static class Work
{
    /// <summary>Multiplications and additions of convolutions and dense layers.</summary>
    public static double Of(Graph graph) => graph.Operations
        .Where(o => o.Spec.Is(OpTraits.Product))
        .Sum(o => 2.0 * o.Result.Type.Shape.Count * (o.Operands[1].Type.Shape.Count / Math.Max(1, o.Operands[1].Type.Shape[0])));
}

using CortexMl.Ir;

namespace CortexMl.Analysis;

/// <summary>
/// The portable rules (CortexMl.Cvm/SPECIFICATION.md, introduction): which operations of a CVM graph can reach inputs on which the
/// reference's devices disagree. Proven from intervals by the rows' own rules: an operation that is not reported never reaches them.
/// </summary>
public static class PortableRules
{
    /// <param name="Reason">What can happen, with the interval that allows it.</param>
    public sealed record Divergence(Operation Operation, string Reason);

    public static IReadOnlyList<Divergence> Check(Graph graph)
    {
        var ranges = Intervals.Of(graph);
        return [.. graph.Operations.Select(o => (Operation: o, Reason: o.Spec.Divergence?.Invoke(o, ranges)))
            .Where(p => p.Reason is not null).Select(p => new Divergence(p.Operation, p.Reason!))];
    }
}

using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Ir.Origins;

/// <summary>A value of the float network as it was loaded; known by identity, in every copy of the graph and behind every pass.</summary>
/// <param name="name">As the network's file has it, or the number that it printed as.</param>
public sealed class RealValue(string name, Shape shape)
{
    public string Name { get; } = name;

    public Shape Shape { get; } = shape;

    public override string ToString() => $"%{Name}: {Shape}";
}

/// <summary>
/// What a value stands for: float values for a value of the network as it was loaded, integers for it times <paramref name="Scale"/>.
/// Several values may stand for one: raw accumulators and what they are requantized to.
/// </summary>
/// <param name="Scale">Real = integer / scale; null for float values.</param>
public sealed record Provenance(RealValue Real, Scale? Scale)
{
    /// <summary>Gives each result of an operation that is no constant its own, where it has none.</summary>
    public static void Mark(Graph graph)
    {
        var names = Names.Of(graph);
        foreach (var value in graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results))
            value.Provenance ??= new Provenance(new RealValue(names[value], value.Type.Shape), value.Type.Scale);
    }
}

using CortexMl.Ir;
using CsCheck;

namespace CortexMl.RandomGraphs;

/// <summary>Random legal graphs over the whole operator table: the input of property tests.</summary>
public static class GraphGenerator
{
    /// <summary>Graphs that the verifier accepts at this level; fewer choices make smaller graphs, so failures shrink.</summary>
    public static Gen<Graph> At(Level level) =>
        Gen.Int[0, 1_000_000].Array[0, 200].Select(choices => new GraphGrower(new Choices(choices), level).Grow());
}

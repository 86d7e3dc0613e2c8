using CortexMl.Ir;
using CortexMl.Tests.Support;
using CsCheck;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

public sealed class RandomGraphTests
{
    [Fact]
    public void Any_graph_gives_the_interpreters_numbers() =>
        Gen.Select(GraphGenerator.At(Level.Cvm), Gen.Int[0, int.MaxValue]).Sample((graph, seed) => Agreement.Check(graph, seed), iter: 1000);

    [Fact]
    public void Layers_with_windows_of_any_kind_give_the_interpreters_numbers() =>
        LayerGenerator.Networks.Sample((graph, seed) => Agreement.Check(graph, seed), iter: 400);
}

using Xunit;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>A fixed twentieth of what tools/CortexMl.RandomGraphs runs.</summary>
public sealed class RandomGraphTests
{
    [Fact]
    public void Any_graph_gives_the_interpreters_numbers() => Assert.Null(Campaign.Run("cpu", count: 500, seed: 1));
}

using CortexMl.Engines.Cpu;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Cpu;

/// <summary>Compares the CPU engine with the interpreter on every path that the machine has.</summary>
internal static class CpuAgreement
{
    /// <summary>Every instruction set at hand, the best one with two threads as well.</summary>
    public static IEnumerable<CpuOptions> Paths =>
        [.. InstructionSet.AtHand.Select(i => new CpuOptions { Instructions = i }), new CpuOptions { Threads = 2 }];

    public static void Check(Graph graph, int seed) => Check(graph, Agreement.RandomInputs(graph, seed));

    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs)
    {
        foreach (var path in Paths)
        {
            Agreement.Check(
                $"{path.Instructions}, {path.Threads} threads", observe => new CpuEngine(path with { Observe = observe }), graph, inputs);
        }
    }
}

using CortexMl.Engines.Cpu;
using CortexMl.Engines.Cpu.MachineCode;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Tests.Engines.Cpu.Machine;
using Xunit;

namespace CortexMl.Tests.Engines.Cpu.MachineCode;

/// <summary>Products between matrices in blocks of every shape, where the processor has matrices.</summary>
public sealed class NativeMatrixTests
{
    private static readonly int[] s_threads = [1, 2];

    [SkippableTheory]
    [MemberData(nameof(EmulatedMatrixTests.Blocks), MemberType = typeof(EmulatedMatrixTests))]
    public void Products_give_the_interpreters_numbers(int matrices, int vectors)
    {
        Skip.IfNot(InstructionSet.AtHand.Contains(CpuInstructions.CodeAmx), "the processor, or the system, has no matrices");
        var kernels = new KernelList(
        [
            new ProductCodeProvider(CodeStore.OfProcess) { Block = new MatrixBlock(matrices, vectors) },
            .. KernelList.OfEngine.All.Where(kernel => kernel is not ProductCodeProvider),
        ]);
        foreach (int threads in s_threads)
        {
            for (int product = 0; product < EmulatedGraphs.Products; product++)
            {
                foreach (var graph in EmulatedGraphs.Of(product))
                {
                    Agreement.Check($"{matrices} by {vectors} matrices", observe => new CpuEngine(new CpuOptions
                    {
                        Observe = observe, Instructions = CpuInstructions.CodeAmx, Threads = threads,
                    })
                    { Kernels = kernels }, graph, Agreement.RandomInputs(graph, product));
                }
            }
        }
    }
}

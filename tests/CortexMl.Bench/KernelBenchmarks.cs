using BenchmarkDotNet.Attributes;
using CortexMl.Engines;
using CortexMl.Engines.Cpu;
using CortexMl.Running;
using CortexMl.Tensors;

namespace CortexMl.Bench;

/// <summary>One layer of each kind, on every instruction set that the machine has.</summary>
public class KernelBenchmarks
{
    private IExecutable _executable = null!;
    private IReadOnlyList<Tensor<int>> _inputs = [];

    public static IEnumerable<Kernel> Kernels => Kernel.All;

    public static IEnumerable<CpuInstructions> Paths => InstructionSet.AtHand;

    [ParamsSource(nameof(Kernels))]
    public Kernel Kernel { get; set; } = null!;

    [ParamsSource(nameof(Paths))]
    public CpuInstructions Instructions { get; set; }

    [Params(1, 2)]
    public int Threads { get; set; }

    [GlobalSetup]
    public void Prepare()
    {
        _executable = new CpuEngine(new CpuOptions { Instructions = Instructions, Threads = Threads }).Prepare(Kernel.Graph);
        _inputs = RandomInputs.Of(Kernel.Graph, seed: 1);
    }

    [GlobalCleanup]
    public void Dispose() => _executable.Dispose();

    [Benchmark(OperationsPerInvoke = Kernel.Layers)]
    public IReadOnlyList<Tensor<int>> Layer() => _executable.Run(_inputs);
}

using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>What every engine computes, computed by the PTX that a CUDA device would be given.</summary>
public sealed class PtxContractTests : EngineContract
{
    protected override void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs) => PtxAgreement.Check(graph, inputs);
}

/// <summary>Compares what PTX computes with the interpreter, at the end of every kernel.</summary>
internal static class PtxAgreement
{
    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs, int architecture = 80, int threads = 256)
    {
        var launcher = new PtxLauncher(PtxCompiler.For(architecture), threads);
        Agreement.Check("PTX", observe => new PtxEngine(launcher, observe), graph, inputs);
    }
}

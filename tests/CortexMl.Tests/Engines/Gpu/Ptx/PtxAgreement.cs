using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>Compares what PTX computes with the interpreter, at the end of every kernel.</summary>
internal static class PtxAgreement
{
    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs, int architecture = 80, int threads = 256)
    {
        var launcher = new PtxLauncher(PtxCompiler.For(architecture), threads);
        Agreement.Check("PTX", observe => new PtxEngine(launcher, observe), graph, inputs);
    }
}

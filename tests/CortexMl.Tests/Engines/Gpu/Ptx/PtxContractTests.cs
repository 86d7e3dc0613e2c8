using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Gpu.Ptx;

/// <summary>What every engine computes, computed by the PTX that a CUDA device would be given.</summary>
public sealed class PtxContractTests : EngineContract
{
    protected override void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs) => PtxAgreement.Check(graph, inputs);
}

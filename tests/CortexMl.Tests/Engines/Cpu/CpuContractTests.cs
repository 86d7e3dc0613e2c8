using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Cpu;

public sealed class CpuContractTests : EngineContract
{
    protected override void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs) => CpuAgreement.Check(graph, inputs);
}

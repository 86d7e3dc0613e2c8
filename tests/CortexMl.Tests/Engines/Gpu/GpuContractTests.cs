using CortexMl.Engines.Gpu.Devices;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Gpu;

public sealed class GpuContractTests : EngineContract
{
    protected override void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs) => GpuAgreement.Check(graph, inputs);

    /// <summary>The simulator alone: others compile for long, and <see cref="OperatorTests"/> chooses for them.</summary>
    protected override void CheckOperator(Graph graph, IReadOnlyList<Tensor<int>> inputs) =>
        GpuAgreement.Check(graph, inputs, GpuKind.IlgpuCpu);
}

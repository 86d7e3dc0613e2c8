using CortexMl.Engines.Gpu;
using CortexMl.Engines.Gpu.Devices;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Tests.Engines.Gpu;

/// <summary>Compares the GPU engine with the interpreter on every kind of device that the machine has.</summary>
internal static class GpuAgreement
{
    public static IReadOnlyList<GpuKind> AtHand { get; } = [.. GpuKinds.All.Where(kind => GpuDevices.Of(kind).Devices.Count > 0)];

    public static void Check(Graph graph, int seed, GpuRuntime? runtime = null) =>
        Check(graph, Agreement.RandomInputs(graph, seed), runtime);

    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs, GpuRuntime? runtime = null)
    {
        foreach (var kind in AtHand) Check(graph, inputs, kind, runtime);
    }

    public static void Check(Graph graph, IReadOnlyList<Tensor<int>> inputs, GpuKind kind, GpuRuntime? runtime = null) => Agreement.Check(
        kind.ToString(), observe => new GpuEngine(new GpuOptions { Kind = kind, Observe = observe }, runtime), graph, inputs);
}

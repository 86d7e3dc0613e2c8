using CortexMl.Engines.Gpu.Generation;
using CortexMl.Ir;

namespace CortexMl.Engines.Gpu.Planning;

/// <summary>The kernels that run a graph, in order, and how its values lie in memory.</summary>
/// <param name="Layouts">Of every value that a kernel reads or writes, and of inputs and outputs.</param>
/// <param name="Memory">Which values share memory.</param>
internal sealed record GpuPlan(
    Graph Graph, IReadOnlyList<LaunchStep> Steps, IReadOnlyDictionary<Value, ValueLayout> Layouts, MemoryPlan Memory);

using CortexMl.Engines.Gpu.Devices;
using CortexMl.Engines.Gpu.Running;
using CortexMl.Engines.Interpreter;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu;

/// <summary>
/// Runs integer graphs on kernels that are generated for each of them and compiled by ILGPU for CUDA, OpenCL or its simulator. The
/// results are those of <see cref="InterpreterEngine"/>, bit for bit. How generation works: README.md in this folder.
/// </summary>
/// <param name="runtime">Keeps devices open and programs at hand; null for the process's.</param>
public sealed class GpuEngine(GpuOptions? options = null, GpuRuntime? runtime = null) : IEngine
{
    private readonly GpuOptions _options = options ?? new GpuOptions();
    private readonly GpuRuntime _runtime = runtime ?? GpuRuntime.OfProcess;

    /// <exception cref="Diagnostics.DiagnosticException">
    /// CML0701 operators that the engine lacks, CML0703 more memory than allowed, CML0708 no such device, CML0709 the driver failed,
    /// CML0710 a kernel that does not compile.
    /// </exception>
    public IExecutable Prepare(Graph graph)
    {
        InterpreterEngine.CheckOperators(graph);
        return new GpuExecutable(graph, _runtime.Program(graph, _options.Kind, _options.Device), _options);
    }
}

/// <summary>The GPU engine on one kind of device, in the list of engines.</summary>
public sealed class GpuDescription(GpuKind kind) : EngineDescription
{
    /// <summary>Products and sums of a run that the simulator of devices manages in about a second.</summary>
    private const double SimulatorOperations = 100e6;

    /// <summary>So that the device need not wait for numbers between the kernels of one.</summary>
    private const int MostWorkers = 2;

    public override string Name => kind.Name();

    public override bool IsAutomatic => kind == GpuKind.Cuda;

    public override bool IsTried => true;

    public override GroupTiming Timing => GroupTiming.Apart;

    public override IReadOnlyList<EngineEntry> Entries => GpuDevices.Of(kind) is { Devices: { Count: > 0 } devices }
        ? [.. devices.Select(Entry)]
        : [new(Name, null, false, GpuDevices.Of(kind).Why!)];

    public override bool IsAtHand(EngineTask task) => GpuDevices.HasDriver(kind) && GpuDevices.Of(kind).Devices.Count > 0
        && (kind != GpuKind.IlgpuCpu || Work.Of(task.Graph) <= SimulatorOperations);

    public override void CheckDevice(EngineTask task) => GpuDevices.Get(kind, task.Device);

    public override int Workers(int threads) => Math.Min(MostWorkers, threads);

    public override IExecutable Prepare(EngineTask task) => new GpuEngine(new GpuOptions
    {
        Kind = kind, Device = task.Device, Observe = task.Observe, Timed = task.Timed, MaxBytes = task.MaxBytes,
    }).Prepare(task.Graph);

    private EngineEntry Entry(GpuDevice device) => new(
        Engine: Name, Device: device.Index, Available: true, Name: device.Name,
        MemoryBytes: device.MemoryBytes > 0 ? device.MemoryBytes : null, Processors: device.Processors, GroupThreads: device.GroupThreads);
}

/// <summary>How the GPU engine runs a graph.</summary>
public sealed record GpuOptions
{
    public GpuKind Kind { get; init; } = GpuKind.IlgpuCpu;

    /// <summary>From 0 within the kind.</summary>
    public int Device { get; init; }

    /// <summary>
    /// Called with every value that the engine computes into memory: results at the ends of fused groups. Slow: copies each from the
    /// device.
    /// </summary>
    public Action<Value, Tensor<int>>? Observe { get; init; }

    /// <summary>
    /// Called after every kernel with the value that it made and the time it took, in ticks of <see
    /// cref="System.Diagnostics.Stopwatch"/>. Slow: waits for each kernel.
    /// </summary>
    public Action<Value, long>? Timed { get; init; }

    /// <summary>Largest sum of the values' memory, refused before it is allocated.</summary>
    public long MaxBytes { get; init; } = 8L << 30;
}

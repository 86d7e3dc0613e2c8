using CortexMl.Engines.Gpu.Devices;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Engines.Gpu;

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

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>A device that this machine has.</summary>
/// <param name="Index">From 0 within its kind, in the driver's order: <c>--device N</c>.</param>
/// <param name="Name">As the driver gives it.</param>
/// <param name="MemoryBytes">Of the device; 0 where it is this process's memory.</param>
/// <param name="Processors">Compute units.</param>
/// <param name="GroupThreads">Most threads in a group.</param>
public sealed record GpuDevice(GpuKind Kind, int Index, string Name, long MemoryBytes, int Processors, int GroupThreads)
{
    public override string ToString() => $"{Kind.Name()} device {Index} ({Name})";
}

/// <summary>The devices of one kind.</summary>
/// <param name="Why">Why there is none, in words; null where there are.</param>
public sealed record GpuDeviceList(GpuKind Kind, IReadOnlyList<GpuDevice> Devices, string? Why);

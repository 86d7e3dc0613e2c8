using System.Collections.Concurrent;
using CortexMl.Diagnostics;
using ILGPU.Runtime;

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>Which devices this machine has. Looking for them never fails: a missing driver is a kind without devices.</summary>
public static class GpuDevices
{
    private static readonly ConcurrentDictionary<GpuKind, Lazy<GpuDeviceList>> s_found = new();

    /// <summary>Whether it is worth looking: quick where no CUDA driver is installed.</summary>
    public static bool HasDriver(GpuKind kind) => kind != GpuKind.Cuda || NativeLibraries.HasCuda;

    /// <summary>Looked up once per process, about half a second a kind.</summary>
    public static GpuDeviceList Of(GpuKind kind) => s_found.GetOrAdd(kind, k => new(() => Look(k))).Value;

    /// <exception cref="DiagnosticException">CML0708: there is no such device.</exception>
    public static GpuDevice Get(GpuKind kind, int index)
    {
        var (_, devices, why) = Of(kind);
        if (index >= 0 && index < devices.Count) return devices[index];
        string message = devices.Count == 0
            ? $"this machine has no {kind.Name()} device: {why}"
            : $"there is no {kind.Name()} device {index}; there is {string.Join(", ", devices.Select(d => $"{d.Index} ({d.Name})"))}";
        throw new DiagnosticException(
            EngineCodes.NoDevice, message, hint: "'cortexml devices' lists what there is; the cpu engine runs everywhere");
    }

    private static GpuDeviceList Look(GpuKind kind)
    {
        try
        {
            using var context = Contexts.Create(kind);
            GpuDevice[] devices = [.. Contexts.DevicesOf(context, kind).Select((device, index) => Describe(kind, index, device))];
            return new(kind, devices, devices.Length == 0 ? Missing(kind) : null);
        }
        // Drivers and their loaders throw what they like; none of it may keep the other engines from running.
        catch (Exception error)
        {
            return new(kind, [], $"{Missing(kind)} ({error.GetBaseException().Message.ReplaceLineEndings(" ")})");
        }
    }

    private static GpuDevice Describe(GpuKind kind, int index, Device device) => kind == GpuKind.IlgpuCpu
        ? new(kind, index, "ILGPU's simulator", 0, 1, device.MaxNumThreadsPerGroup)
        : new(kind, index, device.Name.Trim(), device.MemorySize, device.NumMultiprocessors, device.MaxNumThreadsPerGroup);

    private static string Missing(GpuKind kind) => kind switch
    {
        GpuKind.OpenCl =>
            "no OpenCL driver offers a device that can be used; Debian's packages ocl-icd-libopencl1 and pocl-opencl-icd give one",
        GpuKind.Cuda => "no CUDA driver offers a device",
        _ => "ILGPU does not start",
    };
}

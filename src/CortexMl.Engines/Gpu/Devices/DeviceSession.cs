using System.Collections.Concurrent;
using CortexMl.Diagnostics;
using ILGPU;
using ILGPU.Runtime;

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>An open device: ILGPU's context, which compiles kernels, and its accelerator, which runs them.</summary>
public sealed class DeviceSession : IDisposable
{
    private static readonly ConcurrentDictionary<(GpuKind, int), Lazy<DeviceSession>> s_shared = new();

    private DeviceSession(GpuDevice device, Context context, Accelerator accelerator) => (Device, Context, Accelerator) = (device, context, accelerator);

    public GpuDevice Device { get; }

    public Context Context { get; }

    public Accelerator Accelerator { get; }

    /// <summary>
    /// The session that everything in this process shares. A kernel that failed to compile poisons its context: after <see cref="Discard"/> the next
    /// call opens a new one, and what was prepared on the old one still runs there.
    /// </summary>
    /// <exception cref="DiagnosticException">CML0708 no such device, CML0709 the driver failed.</exception>
    public static DeviceSession Shared(GpuKind kind, int index)
    {
        var entry = s_shared.GetOrAdd((kind, index), _ => new(() => Open(kind, index)));
        try
        {
            return entry.Value;
        }
        catch (DiagnosticException)
        {
            s_shared.TryRemove(KeyValuePair.Create((kind, index), entry));
            throw;
        }
    }

    /// <summary>A session of its own, to be disposed.</summary>
    /// <exception cref="DiagnosticException">CML0708 no such device, CML0709 the driver failed.</exception>
    public static DeviceSession Open(GpuKind kind, int index)
    {
        var device = GpuDevices.Get(kind, index);
        Context? context = null;
        try
        {
            context = Contexts.Create(kind);
            return new(device, context, Contexts.DevicesOf(context, kind).ElementAt(index).CreateAccelerator(context));
        }
        // ILGPU's and the drivers' exceptions have no common base; each of them is a device that does not work.
        catch (Exception error)
        {
            context?.Dispose();
            throw Failure(device, error);
        }
    }

    /// <summary>Makes an own session the one that everything shares from now on.</summary>
    public void Share() => s_shared[(Device.Kind, Device.Index)] = new(this);

    /// <summary>Leaves this session to those that use it already.</summary>
    public void Discard()
    {
        foreach (var entry in s_shared.Where(e => e.Value.IsValueCreated && e.Value.Value == this)) s_shared.TryRemove(entry);
    }

    /// <summary>What to throw where the driver threw.</summary>
    public static DiagnosticException Failure(GpuDevice device, Exception error) => new(EngineCodes.DeviceFailed,
        $"{device} failed: {error.GetBaseException().Message.ReplaceLineEndings(" ")}",
        hint: "check that the driver works and that its memory is free, or pass --engine cpu, which gives the same bits");

    public void Dispose()
    {
        Discard();
        Accelerator.Dispose();
        Context.Dispose();
    }
}

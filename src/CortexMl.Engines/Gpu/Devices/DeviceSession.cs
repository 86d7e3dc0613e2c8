using CortexMl.Diagnostics;
using ILGPU;
using ILGPU.Runtime;

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>An open device: ILGPU's context, which compiles kernels, and its accelerator, which runs them.</summary>
public sealed class DeviceSession : IDisposable
{
    private DeviceSession(GpuDevice device, Context context, Accelerator accelerator) =>
        (Device, Context, Accelerator) = (device, context, accelerator);

    public GpuDevice Device { get; }

    public Context Context { get; }

    public Accelerator Accelerator { get; }

    /// <summary>Where it is shared; null for a session of its own.</summary>
    internal DeviceSessions? Owner { get; set; }

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

    /// <summary>Leaves this session to those that use it already.</summary>
    public void Discard() => Owner?.Discard(this);

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

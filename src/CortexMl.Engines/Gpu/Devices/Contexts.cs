using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using ILGPU.Runtime.OpenCL;

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>Makes ILGPU contexts that know the devices of one kind.</summary>
internal static class Contexts
{
    /// <summary>
    /// Threads that the simulator runs in lockstep, and such warps in a group: it starts a thread of the system for each of them.
    /// </summary>
    private const int SimulatedWarp = 4, SimulatedWarps = 16;

    /// <exception cref="Exception">Whatever ILGPU or the driver throws.</exception>
    public static Context Create(GpuKind kind)
    {
        NativeLibraries.Register();
        if (kind == GpuKind.OpenCl) PoclSettings.Apply();
        return Context.Create(builder =>
        {
            // Kernels are exact integer programs; float assertions and debug symbols would only cost.
            builder.Optimize(OptimizationLevel.O1);
            _ = kind switch
            {
                GpuKind.IlgpuCpu => builder.CPU(new CPUDevice(SimulatedWarp, SimulatedWarps, 1)),
                GpuKind.OpenCl => builder.OpenCL(IsUsable),
                _ => builder.Cuda(),
            };
        });
    }

    /// <summary>The devices that a context knows, in the driver's order.</summary>
    public static IEnumerable<Device> DevicesOf(Context context, GpuKind kind) => kind switch
    {
        GpuKind.IlgpuCpu => context.Devices.Where(d => d.AcceleratorType == AcceleratorType.CPU),
        GpuKind.OpenCl => context.Devices.Where(d => d.AcceleratorType == AcceleratorType.OpenCL),
        _ => context.Devices.Where(d => d.AcceleratorType == AcceleratorType.Cuda),
    };

    private static bool IsUsable(CLDevice device)
    {
        if (PoclSettings.IsPocl(device)) PoclSettings.AllowGenericAddresses(device);
        return device.Capabilities.GenericAddressSpace;
    }
}

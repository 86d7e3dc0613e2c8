namespace CortexMl.Engines.Gpu.Devices;

/// <summary>What compiles and runs generated kernels.</summary>
public enum GpuKind
{
    /// <summary>ILGPU's simulator in this process: there on every machine, slow, for checking.</summary>
    IlgpuCpu,

    OpenCl,

    Cuda,
}

/// <summary>The names of the kinds on the command line.</summary>
public static class GpuKinds
{
    public static IReadOnlyList<GpuKind> All { get; } = [GpuKind.IlgpuCpu, GpuKind.OpenCl, GpuKind.Cuda];

    public static string Name(this GpuKind kind) => kind switch
    {
        GpuKind.IlgpuCpu => "ilgpu-cpu",
        GpuKind.OpenCl => "opencl",
        GpuKind.Cuda => "cuda",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>The kind of this name; null where there is none.</summary>
    public static GpuKind? Find(string name) => All.Select(kind => (GpuKind?)kind).FirstOrDefault(kind => kind!.Value.Name() == name);
}

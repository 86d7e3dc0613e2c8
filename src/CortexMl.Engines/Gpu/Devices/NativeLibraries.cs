using System.Reflection;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>
/// Finds the drivers' libraries. ILGPU asks for <c>libOpenCL.so</c> and <c>libcuda.so</c>, names that on Linux only development packages
/// install; the loader knows them with their version. Other systems find them by ILGPU's own names.
/// </summary>
internal static class NativeLibraries
{
    private static readonly Lazy<bool> s_registered = new(() =>
    {
        if (OperatingSystem.IsLinux()) AssemblyLoadContext.Default.ResolvingUnmanagedDll += Resolve;
        return true;
    });

    private static readonly Lazy<nint> s_openCl = new(() => Load("libOpenCL.so.1")), s_cuda = new(() => Load("libcuda.so.1"));

    public static void Register() => _ = s_registered.Value;

    /// <summary>Whether a driver of this kind is installed; false may only mean that it is elsewhere than drivers are.</summary>
    public static bool HasCuda =>
        OperatingSystem.IsLinux() ? s_cuda.Value != 0 : OperatingSystem.IsWindows() && NativeLibrary.TryLoad("nvcuda.dll", out _);

    private static nint Resolve(Assembly assembly, string name) => name switch
    {
        "OpenCL" => s_openCl.Value,
        "cuda" => s_cuda.Value,
        _ => 0,
    };

    /// <summary>0, which leaves the search to others, where there is no such library.</summary>
    private static nint Load(string file) => NativeLibrary.TryLoad(file, out nint handle) ? handle : 0;
}

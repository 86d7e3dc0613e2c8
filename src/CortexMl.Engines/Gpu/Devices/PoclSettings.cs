using System.Reflection;
using ILGPU.Runtime.OpenCL;

namespace CortexMl.Engines.Gpu.Devices;

/// <summary>
/// What ILGPU needs to run on PoCL, the OpenCL of processors. PoCL is exact, but reads its settings from the process's own environment at
/// the first OpenCL call, where .NET's variables do not arrive, and does not announce the address space that ILGPU's kernels are written
/// for.
/// </summary>
internal static class PoclSettings
{
    private const string PlatformName = "Portable Computing Language";

    private static readonly Lazy<bool> s_applied = new(() =>
    {
        if (!OperatingSystem.IsLinux()) return true;
        // PoCL's handler would make integer divisions by zero of the whole process, ours included, return the dividend instead of throwing.
        NativeEnvironment.Set("POCL_SIGFPE_HANDLER", "0", replaces: false);
        // ILGPU's OpenCL text says __generic, which PoCL's OpenCL C 1.2 has not; all pointers that our kernels pass around are global.
        // PoCL counts warnings about ILGPU's text on the error stream: -w.
        NativeEnvironment.Set("POCL_EXTRA_BUILD_FLAGS", "-D__generic=__global -w", replaces: false);
        return true;
    });

    /// <summary>Call before the first OpenCL call. A user's own settings stay.</summary>
    public static void Apply() => _ = s_applied.Value;

    public static bool IsPocl(CLDevice device) => device.PlatformName.StartsWith(PlatformName, StringComparison.Ordinal);

    /// <summary>ILGPU refuses devices without the capability, and has no public way to set it.</summary>
    public static void AllowGenericAddresses(CLDevice device) =>
        typeof(CLCapabilityContext)
            .GetProperty(nameof(CLCapabilityContext.GenericAddressSpace),
            BindingFlags.Instance | BindingFlags.Public)?.SetValue(device.Capabilities, true);
}

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Whether this process may use the processor's matrices, whose 8 KiB a system keeps for those alone who ask for it. Linux is asked; on
/// other systems the engine does without.
/// </summary>
internal static partial class MatrixState
{
    // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA): Linux, Documentation/arch/x86/xstate.rst.
    private const nint ArchPrctl = 158, RequestPermission = 0x1023, TileData = 18;

    public static bool IsAllowed { get; } = HasInstructions && OperatingSystem.IsLinux() && Environment.Is64BitProcess && Request();

    /// <summary>Leaf 7 of CPUID, bits 24 (AMX-TILE) and 25 (AMX-INT8) of EDX (Intel SDM, volume 2A, CPUID).</summary>
    private static bool HasInstructions => X86Base.X64.IsSupported && (X86Base.CpuId(7, 0).Edx >> 24 & 3) == 3;

    private static bool Request()
    {
        try
        {
            return SystemCall(ArchPrctl, RequestPermission, TileData) == 0;
        }
        catch (Exception error) when (error is DllNotFoundException or EntryPointNotFoundException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint SystemCall(nint number, nint first, nint second);
}

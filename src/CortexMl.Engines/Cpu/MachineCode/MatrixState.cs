using System.Runtime.InteropServices;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>
/// Whether this process may use the processor's matrices, whose 8 KiB a system keeps for those alone who ask for it. Linux is asked; on
/// other systems the engine does without.
/// </summary>
internal static partial class MatrixState
{
    // arch_prctl(ARCH_REQ_XCOMP_PERM, XFEATURE_XTILEDATA): Linux, Documentation/arch/x86/xstate.rst.
    private const nint ArchPrctl = 158, RequestPermission = 0x1023, TileData = 18;

    public static bool IsAllowed { get; } = SignalStack.HasMatrices && OperatingSystem.IsLinux() && Request();

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

using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using CortexMl.Diagnostics;

namespace CortexMl.Engines;

/// <summary>
/// The stack on which a thread's signals are handled. .NET's has 16 KiB, a page of which nobody may touch. Linux puts all registers there
/// before .NET looks at a signal: once a thread has used the processor's matrices, these are 8 KiB more, and then the first null reference
/// that a program would catch ends the process. Whoever is about to use matrices, or to call a library that may, makes room first.
/// </summary>
internal sealed unsafe partial class SignalStack : IDisposable
{
    private const int Size = 1 << 16, ReadWrite = 3, None = 0, PrivateAnonymous = 0x22;

    private static readonly bool s_isNeeded =
        OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture == Architecture.X64 && HasMatrices;

    [ThreadStatic]
    private static SignalStack? t_own;

    private readonly nint _start;
    private readonly Description _before;

    private SignalStack()
    {
        _start = Map(0, Size, ReadWrite, PrivateAnonymous, -1, 0);
        if (_start is 0 or -1) throw Refused();
        Description own = new() { Start = _start, Size = Size }, before;
        // As .NET does: what grows beyond the stack meets a page that nobody may touch, not somebody's data.
        if (Protect(_start, (nuint)Environment.SystemPageSize, None) != 0 || Set(&own, &before) != 0)
            throw Refused();
        _before = before;
    }

    // The thread is gone. Its stack from before stays, since .NET frees only what it finds: to restore it is better where an end is known.
    ~SignalStack() => Free();

    /// <summary>Leaf 7 of CPUID, bits 24 (AMX-TILE) and 25 (AMX-INT8) of EDX (Intel SDM, volume 2A, CPUID).</summary>
    public static bool HasMatrices => X86Base.X64.IsSupported && (X86Base.CpuId(7, 0).Edx >> 24 & 3) == 3;

    /// <summary>For this thread, once; nothing where no processor has matrices.</summary>
    /// <exception cref="DiagnosticException">CML0703: the system has no memory for it.</exception>
    public static void Enlarge()
    {
        if (s_isNeeded) t_own ??= new SignalStack();
    }

    /// <summary>The last thing that a thread does that may have asked for more.</summary>
    public static void Restore()
    {
        t_own?.Dispose();
        t_own = null;
    }

    /// <summary>On its own thread.</summary>
    public void Dispose()
    {
        var before = _before;
        if (Set(&before, null) != 0) return;
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free() => _ = Unmap(_start, Size);

    private static DiagnosticException Refused() =>
        new(EngineCodes.TooMuchMemory, "the system has no memory for a stack of signals, which a thread needs that uses matrices");

    /// <summary>stack_t of sigaltstack(2).</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Description
    {
        public nint Start;
        public int Flags;
        public nuint Size;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint bytes);

    [LibraryImport("libc", EntryPoint = "sigaltstack")]
    private static partial int Set(Description* stack, Description* old);
}

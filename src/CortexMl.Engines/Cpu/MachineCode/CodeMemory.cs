using System.Runtime.InteropServices;

namespace CortexMl.Engines.Cpu.MachineCode;

/// <summary>The system gives no memory whose contents may be executed.</summary>
internal sealed class CodeRefusedException(string message) : Exception(message);

/// <summary>Code that can be called. Its pages are written first and executable then, never both at once.</summary>
internal sealed unsafe partial class CodeMemory : IDisposable
{
    private const int Read = 1, Write = 2, Execute = 4, PrivateAnonymousLinux = 0x22, PrivateAnonymousMac = 0x1002;
    private const uint Commit = 0x3000, ReadWritePages = 0x04, ExecuteReadPages = 0x20, ReleasePages = 0x8000;

    private readonly nuint _bytes;
    private nint _start;

    /// <exception cref="CodeRefusedException">The system gives no memory, or forbids to execute it.</exception>
    public CodeMemory(ReadOnlySpan<byte> code)
    {
        _bytes = (nuint)((code.Length + Environment.SystemPageSize - 1) / Environment.SystemPageSize * Environment.SystemPageSize);
        _start = OperatingSystem.IsWindows() ? VirtualAlloc(0, _bytes, Commit, ReadWritePages)
            : Map(0, _bytes, Read | Write, OperatingSystem.IsMacOS() ? PrivateAnonymousMac : PrivateAnonymousLinux, -1, 0);
        if (_start is 0 or -1) throw new CodeRefusedException("the system gives no memory for code");
        code.CopyTo(new Span<byte>((void*)_start, code.Length));
        if (Protect()) return;
        Dispose();
        throw new CodeRefusedException("the system forbids to execute generated code");
    }

    ~CodeMemory() => Free();

    /// <summary>Whether this process may execute code that it generates: x64, and a system that does not forbid it.</summary>
    public static bool IsAllowed { get; } = RuntimeInformation.ProcessArchitecture == Architecture.X64 && Try();

    /// <summary>Pages of code of all kernels that live.</summary>
    public static long LivingBytes => Interlocked.Read(ref s_living);

    private static long s_living;

    public nint Start => _start;

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private bool Protect()
    {
        Interlocked.Add(ref s_living, (long)_bytes);
        if (!OperatingSystem.IsWindows()) return ChangeProtection(_start, _bytes, Read | Execute) == 0;
        return VirtualProtect(_start, _bytes, ExecuteReadPages, out _) && FlushInstructionCache(-1, _start, _bytes);
    }

    private void Free()
    {
        nint start = Interlocked.Exchange(ref _start, 0);
        if (start is 0 or -1) return;
        if (OperatingSystem.IsWindows()) _ = VirtualFree(start, 0, ReleasePages);
        else _ = Unmap(start, _bytes);
        Interlocked.Add(ref s_living, -(long)_bytes);
    }

    private static bool Try()
    {
        try
        {
            // ret
            using var memory = new CodeMemory([0xC3]);
            ((delegate* unmanaged<CodeArguments*, void>)memory.Start)(null);
            return true;
        }
        catch (CodeRefusedException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int ChangeProtection(nint address, nuint bytes, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nuint bytes);

    [LibraryImport("kernel32")]
    private static partial nint VirtualAlloc(nint address, nuint bytes, uint type, uint protection);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualProtect(nint address, nuint bytes, uint protection, out uint old);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool FlushInstructionCache(nint process, nint address, nuint bytes);

    [LibraryImport("kernel32")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool VirtualFree(nint address, nuint bytes, uint type);
}

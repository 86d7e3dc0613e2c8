using System.Runtime.CompilerServices;

namespace CortexMl.Tests.Engines.Gpu.Ptx.Machine;

/// <summary>Bytes of memory, and who uses them.</summary>
/// <param name="Shadow">Null where only one thread sees the bytes, or none writes them.</param>
internal sealed record PtxStorage(byte[] Data, PtxShadow? Shadow);

/// <summary>Part of a storage that addresses reach.</summary>
/// <param name="Stride">Bytes from a thread's part to the next thread's; 0 where all threads have the same.</param>
/// <param name="MustBeWritten">Whether reading what no thread wrote is an error.</param>
internal readonly record struct PtxWindow(
    string Name, PtxStorage Storage, int Start, int Length, bool IsWritable, int Stride = 0, bool MustBeWritten = false);

/// <summary>
/// A memory as a kernel addresses it: windows that lie so far apart that no index leads from one into another. What is outside of a window
/// is an error, and so are addresses that are not aligned for what is read or written.
/// </summary>
internal sealed class PtxSpace
{
    private const int Apart = 36;

    private readonly List<PtxWindow> _list = [];
    private PtxWindow[] _windows = [];

    /// <summary>The address of the window of this number, from 0.</summary>
    public static ulong AddressOf(int window) => (ulong)(window + 1) << Apart;

    /// <summary>The address of the new window.</summary>
    public ulong Add(PtxWindow window)
    {
        _list.Add(window);
        _windows = [.. _list];
        return AddressOf(_list.Count - 1);
    }

    /// <summary>The number at an address, zeros above its bits.</summary>
    public ulong Load(ulong address, int width, long thread)
    {
        ref readonly var window = ref Find(address, width, out int at);
        at += (int)(window.Stride * thread);
        if (window.Storage.Shadow is { } shadow)
        {
            if (window.MustBeWritten && !shadow.IsWritten(at, width)) throw Fault(window, at, "reads what no thread wrote");
            if (shadow.Read(at, width, thread) is { } wrong) throw Fault(window, at, wrong);
        }
        ref byte first = ref window.Storage.Data[at];
        return width switch
        {
            1 => first,
            2 => Unsafe.ReadUnaligned<ushort>(ref first),
            4 => Unsafe.ReadUnaligned<uint>(ref first),
            _ => Unsafe.ReadUnaligned<ulong>(ref first),
        };
    }

    public void Store(ulong address, int width, ulong value, long thread)
    {
        ref readonly var window = ref Find(address, width, out int at);
        at += (int)(window.Stride * thread);
        if (!window.IsWritable) throw Fault(window, at, "writes what is only read");
        if (window.Storage.Shadow is { } shadow && shadow.Write(at, width, thread) is { } wrong) throw Fault(window, at, wrong);
        ref byte first = ref window.Storage.Data[at];
        if (width == 1) first = (byte)value;
        else if (width == 2) Unsafe.WriteUnaligned(ref first, (ushort)value);
        else if (width == 4) Unsafe.WriteUnaligned(ref first, (uint)value);
        else Unsafe.WriteUnaligned(ref first, value);
    }

    // at: where the bytes stand in the first thread's part of the storage.
    private ref readonly PtxWindow Find(ulong address, int width, out int at)
    {
        ulong number = (address >> Apart) - 1, offset = address & ((1UL << Apart) - 1);
        if (number >= (ulong)_windows.Length) throw new PtxFault($"address 0x{address:x} is in no memory of this kind");
        ref readonly var window = ref _windows[number];
        if (offset + (ulong)width > (ulong)window.Length)
            throw new PtxFault($"{width} bytes at byte {offset} of {window.Name}, which has {window.Length}");
        if (offset % (ulong)width != 0) throw new PtxFault($"{width} bytes at byte {offset} of {window.Name} are not aligned");
        at = window.Start + (int)offset;
        return ref window;
    }

    private static PtxFault Fault(PtxWindow window, int at, string what) => new($"{what}: byte {at - window.Start} of {window.Name}");
}

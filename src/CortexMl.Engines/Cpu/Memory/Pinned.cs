using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CortexMl.Engines.Cpu.Memory;

/// <summary>What a <see cref="WeightStore"/> keeps.</summary>
internal interface IPacked
{
    long Bytes { get; }
}

/// <summary>Elements that start at a multiple of 64 bytes and never move.</summary>
internal sealed unsafe class Pinned<T> : IPacked where T : unmanaged
{
    private const int Alignment = 64;

    // Keeps the memory alive.
    private readonly byte[] _bytes;

    public Pinned(int count)
    {
        Count = count;
        _bytes = GC.AllocateArray<byte>(checked((count * sizeof(T)) + Alignment), pinned: true);
        var start = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(_bytes));
        Pointer = (T*)((start + Alignment - 1) & -Alignment);
    }

    public Pinned(ReadOnlySpan<T> elements) : this(elements.Length) => elements.CopyTo(Span);

    public int Count { get; }

    public long Bytes => (long)Count * sizeof(T);

    public T* Pointer { get; }

    public Span<T> Span => new(Pointer, Count);
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CortexMl.Engines.Float.Portable;

/// <summary>Floats that begin with a line of the cache, where registers that do as well are read at once.</summary>
internal readonly struct AlignedFloats
{
    private const int LineBytes = 64;

    private readonly float[]? _array;
    private readonly int _start;

    public AlignedFloats(int count)
    {
        Count = count;
        // Pinned: what moves is aligned no longer.
        _array = GC.AllocateArray<float>(checked(count + LineBytes / sizeof(float)), pinned: true);
        _start = (int)((LineBytes - Address(_array) % LineBytes) % LineBytes / sizeof(float));
    }

    public int Count { get; }

    public Span<float> Span => _array.AsSpan(_start, Count);

    /// <summary>These, or others where they are fewer than that.</summary>
    public AlignedFloats AtLeast(int count) => Count >= count ? this : new(count);

    private static unsafe nuint Address(float[] array) => (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
}

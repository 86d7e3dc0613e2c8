using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Sweeps;

/// <summary>Stores sums that fit the result's layout.</summary>
internal sealed unsafe class StoreSweep<T>(PackedBuffer result) : Sweep where T : unmanaged
{
    private readonly Pinned<int> _pixels = new(result.Layout.Pixels);

    public override void Run(int block, int first, int count, int* sums) =>
        Store(sums, count, result.Pointer + (block * PackedLayout.Block * sizeof(T)), _pixels.Pointer + first, result.Layout.Offset);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(int* sums, int count, byte* target, int* pixels, int offset)
    {
        var add = Vector256.Create(offset);
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
            Lanes.Store<T>(Vector256.Load(sums) + add, Vector256.Load(sums + 8) + add, target + pixels[p]);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Sweeps;

/// <summary>Adds or subtracts another tensor.</summary>
internal sealed unsafe class CombineSweep<T>(PackedBuffer other, bool subtracts) : Sweep where T : unmanaged
{
    private readonly Pinned<int> _pixels = new(other.Layout.Pixels);

    public override void Run(int block, int first, int count, int* sums) =>
        Combine(sums, count, other.Pointer + (block * PackedLayout.Block * sizeof(T)), _pixels.Pointer + first, subtracts ? -1 : 0);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Combine(int* sums, int count, byte* other, int* pixels, int flip)
    {
        var sign = Vector256.Create(flip);
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            // (y ^ -1) + 1 is -y.
            (Vector256.Load(sums) + (Lanes.Load<T>(other + pixels[p], 0) ^ sign) - sign).Store(sums);
            (Vector256.Load(sums + 8) + (Lanes.Load<T>(other + pixels[p], 8) ^ sign) - sign).Store(sums + 8);
        }
    }
}

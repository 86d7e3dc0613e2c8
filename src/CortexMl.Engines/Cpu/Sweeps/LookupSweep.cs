using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sweeps;

/// <summary>Entries of a table in place of their indices, which a stage has clamped.</summary>
/// <typeparam name="TGathers">Whether AVX2 reads eight entries at once.</typeparam>
internal sealed unsafe class LookupSweep<TGathers>(StageLookup lookup) : Sweep where TGathers : struct, ISwitch
{
    public override void Run(int block, int first, int count, int* sums) =>
        Apply(sums, count * PackedLayout.Block, lookup.Table.Pointer + lookup.Origin);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(int* sums, int count, int* origin)
    {
        if (TGathers.IsOn)
        {
            for (int i = 0; i < count; i += Vector256<int>.Count)
                Avx2.GatherVector256(origin, Vector256.Load(sums + i), sizeof(int)).Store(sums + i);
            return;
        }
        for (int i = 0; i < count; i++) sums[i] = origin[sums[i]];
    }
}

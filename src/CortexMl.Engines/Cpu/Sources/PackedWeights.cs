using System.Numerics;
using System.Runtime.CompilerServices;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Ir;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>What weights are packed for; equal ones look the same in memory.</summary>
/// <param name="Lane">Elements of a lane: 4 bytes, 2 of 16 bits, 1 of 32; a power of two.</param>
/// <param name="Taps">Kernel positions.</param>
/// <param name="Runs">See <see cref="TapRuns"/>, as for the following.</param>
internal sealed record PackedForm(int Lane, Grouping Grouping, int Taps, int Runs, int Length, int TapsOfRun, int PerTap)
{
    public static PackedForm Of(TapRuns runs, Grouping grouping, TapAddresses addresses, int lane) => new(
        Lane: lane, Grouping: grouping, Taps: addresses.Taps, Runs: runs.Runs.Count, Length: runs.Length, TapsOfRun: runs.Taps,
        PerTap: runs.PerTap);
}

/// <summary>
/// Weights [O, C / groups, taps] as the kernels read them: [O / block][run][element / lane][block][lane], with zeros where there are none.
/// </summary>
internal static unsafe class PackedWeights
{
    /// <typeparam name="T">Type of a packed weight, which holds every element.</typeparam>
    public static Pinned<byte> Pack<T>(ConstantData weights, PackedForm form) where T : unmanaged, INumberBase<T>
    {
        var grouping = form.Grouping;
        int outputs = grouping.Outputs, block = grouping.Block, ofBlock = form.Runs * form.Length * block;
        var packed = new Pinned<byte>(checked((outputs + block - 1) / block * ofBlock * Unsafe.SizeOf<T>()));
        int[] places = new int[grouping.PerGroup * form.Taps];
        int[] buffer = new int[places.Length];
        int skip = -1;
        for (int o = 0; o < outputs; o++)
        {
            if (grouping.Skip(o) != skip) Place(places, form, skip = grouping.Skip(o));
            T* to = (T*)packed.Pointer + ((nint)(o / block) * ofBlock) + (o % block * form.Lane);
            fixed (int* from = weights.Part(o * places.Length, places.Length, buffer))
            {
                for (int i = 0; i < places.Length; i++) to[places[i]] = T.CreateTruncating(from[i]);
            }
        }
        return packed;
    }

    /// <summary>Where every weight of a block's first output goes, in the order in which it has them.</summary>
    private static void Place(int[] places, PackedForm form, int skip)
    {
        int shift = BitOperations.Log2((uint)form.Lane);
        for (int i = 0; i < places.Length; i++)
        {
            int channel = i / form.Taps, tap = i % form.Taps;
            int element = (tap / form.TapsOfRun * form.Length) + (tap % form.TapsOfRun * form.PerTap) + skip + channel;
            places[i] = (((element >> shift) * form.Grouping.Block) << shift) + (element & (form.Lane - 1));
        }
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Weights [O, C / groups, taps] as the kernels read them: [O / 16][run][element / lane][16][lane], with zeros where there are none.</summary>
internal static unsafe class PackedWeights
{
    private const int Block = PackedLayout.Block;

    /// <typeparam name="T">Type of a packed weight, which holds every element.</typeparam>
    /// <param name="lane">Elements of a lane: 4 bytes, 2 of 16 bits, 1 of 32; a power of two.</param>
    public static Pinned<byte> Pack<T>(ReadOnlySpan<int> weights, Grouping grouping, int taps, Window window, int lane) where T : unmanaged, INumberBase<T>
    {
        int runs = window.Runs.Count, blocks = (grouping.Outputs + Block - 1) / Block;
        var packed = new Pinned<byte>(checked(blocks * runs * window.Length * Block * Unsafe.SizeOf<T>()));
        int[] places = new int[grouping.PerGroup * taps];
        int skip = -1;
        fixed (int* first = weights)
        {
            int* from = first;
            for (int o = 0; o < grouping.Outputs; o++, from += places.Length)
            {
                if (grouping.Skip(o) != skip) Place(places, taps, window, lane, skip = grouping.Skip(o));
                T* to = (T*)packed.Pointer + ((nint)(o / Block) * runs * window.Length * Block) + (o % Block * lane);
                for (int i = 0; i < places.Length; i++) to[places[i]] = T.CreateTruncating(from[i]);
            }
        }
        return packed;
    }

    /// <summary>Where every weight of a block's first output goes, in the order in which it has them.</summary>
    private static void Place(int[] places, int taps, Window window, int lane, int skip)
    {
        int shift = BitOperations.Log2((uint)lane);
        for (int i = 0; i < places.Length; i++)
        {
            int channel = i / taps, tap = i % taps;
            int element = (tap / window.Taps * window.Length) + (tap % window.Taps * window.PerTap) + skip + channel;
            places[i] = (((element >> shift) * Block) << shift) + (element & (lane - 1));
        }
    }
}

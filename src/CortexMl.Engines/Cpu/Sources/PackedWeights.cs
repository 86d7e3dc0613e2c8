using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Weights [O, C, taps] as the kernels read them: [O / 16][run][element / group][16][group], with zeros where there are none.</summary>
internal static class PackedWeights
{
    /// <typeparam name="T">Type of a packed weight, which holds every element.</typeparam>
    /// <param name="group">Elements of a lane: 4 bytes, 2 of 16 bits, 1 of 32; a power of two.</param>
    public static Pinned<byte> Pack<T>(ReadOnlySpan<int> weights, int outputs, int channels, int taps, Window window, int group) where T : unmanaged, INumberBase<T>
    {
        const int Block = PackedLayout.Block;
        int shift = BitOperations.Log2((uint)group);
        int runs = window.Runs.Count, perTap = window.Length / window.Taps;
        var packed = new Pinned<byte>(checked((outputs + Block - 1) / Block * runs * window.Length * Block * Unsafe.SizeOf<T>()));
        Span<T> target = MemoryMarshal.Cast<byte, T>(packed.Span);
        for (int o = 0; o < outputs; o++)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                int run = tap / window.Taps, inRun = tap % window.Taps * perTap;
                int row = ((o / Block * runs) + run) * window.Length * Block;
                for (int c = 0; c < channels; c++)
                {
                    int k = inRun + c;
                    target[row + ((((k >> shift) * Block) + (o % Block)) << shift) + (k & (group - 1))] = T.CreateTruncating(weights[(((o * channels) + c) * taps) + tap]);
                }
            }
        }
        return packed;
    }
}

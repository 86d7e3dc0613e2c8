using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Where a depthwise convolution reads.</summary>
/// <param name="Starts">Byte offset of the first tap of every result pixel.</param>
/// <param name="Offsets">
/// Byte offset of every tap from there, whole groups: the last one repeats the first tap, whose weights there are zero.
/// </param>
internal sealed record Taps(Pinned<int> Starts, Pinned<int> Offsets)
{
    private const int Block = PackedLayout.Block;

    /// <summary>Channels in their own order.</summary>
    public static ReadOnlySpan<int> Natural => [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15];

    /// <summary>Channels as interleaving inside the halves of a vector leaves them.</summary>
    public static ReadOnlySpan<int> Halves => [0, 1, 2, 3, 8, 9, 10, 11, 4, 5, 6, 7, 12, 13, 14, 15];

    /// <param name="group">Taps that are multiplied together.</param>
    public static Taps Of(PackedLayout data, TapAddresses addresses, int group)
    {
        int[] offsets = addresses.Offsets(data, addresses.KernelColumns).Span.ToArray();
        int rest = (group - (offsets.Length % group)) % group;
        return new Taps(addresses.Starts(data), new Pinned<int>([.. offsets, .. Enumerable.Repeat(offsets[0], rest)]));
    }

    /// <summary>Weights [C, taps] as [C / 16][tap / group][16][group], channels in this order.</summary>
    /// <param name="order">Which channel of a block comes at which place.</param>
    public Pinned<T> Pack<T>(ReadOnlySpan<int> weights, int taps, int group, ReadOnlySpan<int> order, Func<int, T> convert) where T
        : unmanaged
    {
        int channels = weights.Length / taps, blocks = (channels + Block - 1) / Block;
        var packed = new Pinned<T>(blocks * Offsets.Count * Block);
        for (int at = 0; at < blocks * Block; at++)
        {
            int channel = (at / Block * Block) + order[at % Block];
            for (int tap = 0; tap < taps && channel < channels; tap++)
            {
                int row = (at / Block * Offsets.Count) + (tap / group * group);
                packed.Span[(row * Block) + (at % Block * group) + (tap % group)] = convert(weights[(channel * taps) + tap]);
            }
        }
        return packed;
    }
}

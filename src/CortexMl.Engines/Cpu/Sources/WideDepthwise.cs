using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Depthwise convolution by 32-bit multiplications that wrap: for data of any width, on any machine. Weights are int32, [C /
/// 16][tap][16].
/// </summary>
internal sealed unsafe class WideDepthwise<T>(PackedBuffer data, Taps at, Pinned<int> weights) : Source where T : unmanaged
{
    public override void Fill(int block, int first, int count, int* sums)
    {
        int* packed = weights.Pointer + ((nint)block * at.Offsets.Count * PackedLayout.Block);
        Run(data.Pointer + At(block, data.Layout), at.Starts.Pointer + first, count, at.Offsets.Pointer, at.Offsets.Count, packed, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte* data, int* pixels, int count, int* taps, int tapCount, int* weights, int* sums)
    {
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            byte* from = data + pixels[p];
            Vector256<int> a = default, b = default;
            int* w = weights;
            for (int tap = 0; tap < tapCount; tap++, w += PackedLayout.Block)
            {
                a += Lanes.Load<T>(from + taps[tap], 0) * Vector256.Load(w);
                b += Lanes.Load<T>(from + taps[tap], 8) * Vector256.Load(w + 8);
            }
            a.Store(sums);
            b.Store(sums + 8);
        }
    }
}

/// <summary>Depthwise convolutions of any numbers, on any machine.</summary>
internal sealed class WideDepthwiseProvider : TypedSourceProvider
{
    public override int Tile => 1;

    public override bool Takes(KernelQuestion question) => question.Group.IsDepthwise;

    protected override Source MakeSource<T>(KernelParts parts)
    {
        var addresses = parts.Group.Addresses;
        var taps = Taps.Of(parts.Data.Layout, addresses, 1);
        var weights = parts.Group.Head!.Operands[1].Constant!.Integers;
        return new WideDepthwise<T>(parts.Data, taps, taps.Pack(weights, addresses.Taps, 1, Taps.Natural, x => x));
    }
}

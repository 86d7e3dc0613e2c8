using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Depthwise convolution of bytes or 16-bit numbers, two taps at once, interleaved so that each 32-bit lane holds one channel. Weights
/// are int16, [C / 16][tap / 2][16][2].
/// </summary>
internal sealed unsafe class PairDepthwise<T, TDot>(PackedBuffer data, Taps at, Pinned<short> weights) : Source where T : unmanaged
    where TDot : struct, IDot
{
    private const int Group = 2;

    public override void Fill(int block, int first, int count, int* sums)
    {
        short* packed = weights.Pointer + ((nint)block * at.Offsets.Count * PackedLayout.Block);
        Run(data.Pointer + At(block, data.Layout), at.Starts.Pointer + first, count, at.Offsets.Pointer, at.Offsets.Count, packed, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte* data, int* pixels, int count, int* taps, int tapCount, short* weights, int* sums)
    {
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            byte* from = data + pixels[p];
            Vector256<int> a = default, b = default;
            short* w = weights;
            for (int tap = 0; tap < tapCount; tap += Group, w += Group * PackedLayout.Block)
            {
                Vector256<short> x0 = Load(from + taps[tap]), x1 = Load(from + taps[tap + 1]);
                a = TDot.Add(a, Avx2.UnpackLow(x0, x1).AsInt32(), Vector256.Load(w).AsInt32());
                b = TDot.Add(b, Avx2.UnpackHigh(x0, x1).AsInt32(), Vector256.Load(w + 16).AsInt32());
            }
            Avx2.Permute2x128(a, b, 0x20).Store(sums);
            Avx2.Permute2x128(a, b, 0x31).Store(sums + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<short> Load(byte* from) =>
        typeof(T) == typeof(byte) ? Avx2.ConvertToVector256Int16(from) : Vector256.Load((short*)from);
}

/// <summary>Depthwise convolutions of bytes and 16-bit numbers.</summary>
internal sealed class PairDepthwiseProvider<TDot> : TypedSourceProvider where TDot : struct, IDot
{
    public override int Tile => 1;

    public override bool Takes(KernelQuestion question) =>
        question is { Kind: not ElementKind.Int, Group.IsDepthwise: true } && question.Instructions.Include(TDot.Needs)
        && TDot.IsExact(question.Group, question.Highest);

    protected override Source MakeSource<T>(KernelParts parts)
    {
        var addresses = parts.Group.Addresses;
        var taps = Taps.Of(parts.Data.Layout, addresses, TDot.Lane);
        var weights = parts.Group.Head!.Operands[1].Constant!.Integers;
        return new PairDepthwise<T, TDot>(parts.Data, taps, taps.Pack(weights, addresses.Taps, TDot.Lane, Taps.Halves, x => (short)x));
    }
}

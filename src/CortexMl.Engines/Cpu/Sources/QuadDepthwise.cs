using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Depthwise convolution of bytes, four taps at once: two pixels of 16 channels lie side by side in a vector, and the bytes of four taps
/// are interleaved so that each 32-bit lane holds one channel. Weights are int8, [C / 16][tap / 4][16][4].
/// </summary>
internal sealed unsafe class QuadDepthwise<TDot>(PackedBuffer data, Taps at, Pinned<sbyte> weights) : Source where TDot : struct, IDot
{
    public const int Tile = 2;

    private const int Group = 4;

    public override void Fill(int block, int first, int count, int* sums)
    {
        sbyte* packed = weights.Pointer + ((nint)block * at.Offsets.Count * PackedLayout.Block);
        Run(data.Pointer + At(block, data.Layout), at.Starts.Pointer + first, count, at.Offsets.Pointer, at.Offsets.Count, packed, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run(byte* data, int* pixels, int count, int* taps, int tapCount, sbyte* weights, int* sums)
    {
        for (int p = 0; p < count; p += Tile, sums += Tile * PackedLayout.Block)
        {
            byte* left = data + pixels[p], right = data + pixels[Math.Min(p + 1, count - 1)];
            Vector256<int> a = default, b = default, c = default, d = default;
            sbyte* w = weights;
            for (int tap = 0; tap < tapCount; tap += Group, w += Group * PackedLayout.Block)
            {
                nint t0 = taps[tap], t1 = taps[tap + 1], t2 = taps[tap + 2], t3 = taps[tap + 3];
                var x0 = Vector256.Create(Vector128.Load(left + t0), Vector128.Load(right + t0));
                var x1 = Vector256.Create(Vector128.Load(left + t1), Vector128.Load(right + t1));
                var x2 = Vector256.Create(Vector128.Load(left + t2), Vector128.Load(right + t2));
                var x3 = Vector256.Create(Vector128.Load(left + t3), Vector128.Load(right + t3));
                Vector256<short> low01 = Avx2.UnpackLow(x0, x1).AsInt16(), high01 = Avx2.UnpackHigh(x0, x1).AsInt16();
                Vector256<short> low23 = Avx2.UnpackLow(x2, x3).AsInt16(), high23 = Avx2.UnpackHigh(x2, x3).AsInt16();
                a = TDot.Add(a, Avx2.UnpackLow(low01, low23).AsInt32(), Avx2.BroadcastVector128ToVector256(w).AsInt32());
                b = TDot.Add(b, Avx2.UnpackHigh(low01, low23).AsInt32(), Avx2.BroadcastVector128ToVector256(w + 16).AsInt32());
                c = TDot.Add(c, Avx2.UnpackLow(high01, high23).AsInt32(), Avx2.BroadcastVector128ToVector256(w + 32).AsInt32());
                d = TDot.Add(d, Avx2.UnpackHigh(high01, high23).AsInt32(), Avx2.BroadcastVector128ToVector256(w + 48).AsInt32());
            }
            Avx2.Permute2x128(a, b, 0x20).Store(sums);
            Avx2.Permute2x128(c, d, 0x20).Store(sums + 8);
            Avx2.Permute2x128(a, b, 0x31).Store(sums + 16);
            Avx2.Permute2x128(c, d, 0x31).Store(sums + 24);
        }
    }
}

/// <summary>Depthwise convolutions of bytes.</summary>
internal sealed class QuadDepthwiseProvider<TDot> : SourceProvider where TDot : struct, IDot
{
    public override int Tile => QuadDepthwise<TDot>.Tile;

    public override bool Takes(KernelQuestion question) =>
        question is { Kind: ElementKind.Byte, Group.IsDepthwise: true } && question.Instructions.Include(TDot.Needs)
        && TDot.IsExact(question.Group, question.Highest);

    protected override Source MakeSource(KernelParts parts)
    {
        var addresses = parts.Group.Addresses;
        var taps = Taps.Of(parts.Data.Layout, addresses, TDot.Lane);
        var weights = parts.Group.Head!.Operands[1].Constant!.Integers;
        return new QuadDepthwise<TDot>(parts.Data, taps, taps.Pack(weights, addresses.Taps, TDot.Lane, Taps.Natural, x => (sbyte)x));
    }
}

using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Convolution by 32-bit multiplications that wrap: for data of any width, on any machine. Weights are int32, [O / 16][run][element][16].
/// </summary>
/// <param name="starts">Bytes from a pixel to the first channel that a block reads.</param>
internal sealed unsafe class WideProducts<T>(PackedBuffer data, TapRuns taps, Pinned<byte> weights, int[] starts) : Source where T
    : unmanaged, INumberBase<T>
{
    public const int Tile = 4;

    public override int BlocksTogether => 1;

    public override void Fill(int block, int first, int count, int* sums)
    {
        int* packed = (int*)weights.Pointer + ((nint)block * taps.Runs.Count * taps.Length * PackedLayout.Block);
        Tiles(data.Pointer + starts[block], taps.Pixels.Pointer + first, count, taps.Runs.Pointer, taps.Runs.Count,
            taps.Length, packed, sums);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles(byte* data, int* pixels, int count, int* runs, int runCount, int length, int* weights, int* sums)
    {
        int last = count - 1;
        for (int p = 0; p < count; p += Tile, sums += Tile * PackedLayout.Block)
        {
            byte* d0 = data + pixels[p], d1 = data + pixels[Math.Min(p + 1, last)];
            byte* d2 = data + pixels[Math.Min(p + 2, last)], d3 = data + pixels[Math.Min(p + 3, last)];
            Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            int* w = weights;
            for (int run = 0; run < runCount; run++)
            {
                nint offset = runs[run];
                for (int i = 0; i < length; i++, w += PackedLayout.Block)
                {
                    Vector256<int> wa = Vector256.Load(w), wb = Vector256.Load(w + 8);
                    var x = Vector256.Create(int.CreateTruncating(((T*)(d0 + offset))[i]));
                    a0 += x * wa;
                    b0 += x * wb;
                    x = Vector256.Create(int.CreateTruncating(((T*)(d1 + offset))[i]));
                    a1 += x * wa;
                    b1 += x * wb;
                    x = Vector256.Create(int.CreateTruncating(((T*)(d2 + offset))[i]));
                    a2 += x * wa;
                    b2 += x * wb;
                    x = Vector256.Create(int.CreateTruncating(((T*)(d3 + offset))[i]));
                    a3 += x * wa;
                    b3 += x * wb;
                }
            }
            a0.Store(sums);
            b0.Store(sums + 8);
            a1.Store(sums + 16);
            b1.Store(sums + 24);
            a2.Store(sums + 32);
            b2.Store(sums + 40);
            a3.Store(sums + 48);
            b3.Store(sums + 56);
        }
    }
}

/// <summary>
/// Convolutions and dense layers on any machine; where it has AVX2, only those on 32 bits: narrower data are to lie as the kernels for
/// these can take them.
/// </summary>
internal sealed class WideProductsProvider : TypedSourceProvider
{
    public override int Tile => WideProducts<int>.Tile;

    public override bool Takes(KernelQuestion question) =>
        question.Group.IsProduct && (!question.Instructions.Include(CpuInstructions.Avx2) || question.Kind == ElementKind.Int);

    protected override Source MakeSource<T>(KernelParts parts)
    {
        var (taps, weights, starts) = PackedProduct.Of(parts, lane: 1);
        return new WideProducts<T>(parts.Data, taps, weights, starts);
    }
}

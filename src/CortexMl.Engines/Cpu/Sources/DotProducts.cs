using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Convolution without im2col: tiles of 6 pixels by 16 channels stay in registers while the kernel goes over the taps. Each step
/// broadcasts 32 bits of a pixel (2 or 4 elements) and multiplies them with two vectors of weights. Windows with many weights are cut
/// into slabs that stay in the first cache while all tiles of a chunk use them.
/// </summary>
/// <param name="starts">Bytes from a pixel to the first channel that a block reads.</param>
internal sealed unsafe class DotProducts<TDot>(PackedBuffer data, TapRuns taps, Pinned<byte> weights, int[] starts) : Source
    where TDot : struct, IDot
{
    public const int Tile = 6;

    private const int StepBytes = sizeof(int) * PackedLayout.Block, SlabBytes = 1 << 14, SmallWeights = 1 << 14;

    private readonly int _steps = taps.Length * (int)data.Layout.Kind / sizeof(int);

    public override int BlocksTogether => Math.Max(1, SmallWeights / (taps.Runs.Count * _steps * StepBytes));

    public override void Fill(int block, int first, int count, int* sums)
    {
        int runs = taps.Runs.Count, slab = Math.Max(1, SlabBytes / (_steps * StepBytes));
        int* pixels = taps.Pixels.Pointer + first;
        int whole = count % Tile == 1 ? count - 1 : count;
        byte* from = data.Pointer + starts[block];
        for (int run = 0; run < runs; run += slab)
        {
            byte* packed = weights.Pointer + ((((nint)block * runs) + run) * _steps * StepBytes);
            int* offsets = taps.Runs.Pointer + run;
            int now = Math.Min(slab, runs - run);
            if (whole > 0) Tiles(from, pixels, whole, offsets, now, _steps, packed, sums, run > 0);
            if (whole < count) Single(from + pixels[whole], offsets, now, _steps, packed, sums + (whole * PackedLayout.Block), run > 0);
        }
    }

    // The last tile repeats its last pixel where there are fewer than 6.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles(byte* data, int* pixels, int count, int* runs, int runCount, int steps, byte* weights, int* sums, bool adds)
    {
        int last = count - 1;
        nint slabBytes = (nint)runCount * steps * StepBytes;
        for (int p = 0; p < count; p += Tile, sums += Tile * PackedLayout.Block)
        {
            byte* d0 = data + pixels[p], d1 = data + pixels[Math.Min(p + 1, last)], d2 = data + pixels[Math.Min(p + 2, last)];
            byte* d3 = data + pixels[Math.Min(p + 3, last)], d4 = data + pixels[Math.Min(p + 4, last)],
            d5 = data + pixels[Math.Min(p + 5, last)];
            Vector256<int> a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default;
            Vector256<int> a3 = default, b3 = default, a4 = default, b4 = default, a5 = default, b5 = default;
            if (adds)
            {
                a0 = Vector256.Load(sums);
                b0 = Vector256.Load(sums + 8);
                a1 = Vector256.Load(sums + 16);
                b1 = Vector256.Load(sums + 24);
                a2 = Vector256.Load(sums + 32);
                b2 = Vector256.Load(sums + 40);
                a3 = Vector256.Load(sums + 48);
                b3 = Vector256.Load(sums + 56);
                a4 = Vector256.Load(sums + 64);
                b4 = Vector256.Load(sums + 72);
                a5 = Vector256.Load(sums + 80);
                b5 = Vector256.Load(sums + 88);
            }
            byte* w = weights;
            // The first tile fetches the weights of the next slab; for the others that is done.
            byte* ahead = weights + slabBytes;
            int stride = p == 0 ? StepBytes : 0;
            for (int run = 0; run < runCount; run++)
            {
                nint i = runs[run], end = i + ((nint)steps * sizeof(int));
                for (; i < end; i += sizeof(int), w += StepBytes, ahead += stride)
                {
                    if (Sse.IsSupported) Sse.Prefetch1(ahead);
                    Vector256<int> wa = Vector256.Load((int*)w), wb = Vector256.Load((int*)(w + 32));
                    var x = Spread(d0 + i);
                    a0 = TDot.Add(a0, x, wa);
                    b0 = TDot.Add(b0, x, wb);
                    x = Spread(d1 + i);
                    a1 = TDot.Add(a1, x, wa);
                    b1 = TDot.Add(b1, x, wb);
                    x = Spread(d2 + i);
                    a2 = TDot.Add(a2, x, wa);
                    b2 = TDot.Add(b2, x, wb);
                    x = Spread(d3 + i);
                    a3 = TDot.Add(a3, x, wa);
                    b3 = TDot.Add(b3, x, wb);
                    x = Spread(d4 + i);
                    a4 = TDot.Add(a4, x, wa);
                    b4 = TDot.Add(b4, x, wb);
                    x = Spread(d5 + i);
                    a5 = TDot.Add(a5, x, wa);
                    b5 = TDot.Add(b5, x, wb);
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
            a4.Store(sums + 64);
            b4.Store(sums + 72);
            a5.Store(sums + 80);
            b5.Store(sums + 88);
        }
    }

    // Two sums per vector of channels, so that one addition need not wait for the other.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Single(byte* data, int* runs, int runCount, int steps, byte* weights, int* sums, bool adds)
    {
        Vector256<int> a0 = adds ? Vector256.Load(sums) : default, b0 = adds ? Vector256.Load(sums + 8) : default,
        a1 = default, b1 = default;
        for (int run = 0; run < runCount; run++)
        {
            byte* x = data + runs[run];
            int step = 0;
            for (; step + 1 < steps; step += 2, weights += 128)
            {
                var even = Spread(x + (step * sizeof(int)));
                a0 = TDot.Add(a0, even, Vector256.Load((int*)weights));
                b0 = TDot.Add(b0, even, Vector256.Load((int*)(weights + 32)));
                var odd = Spread(x + ((step + 1) * sizeof(int)));
                a1 = TDot.Add(a1, odd, Vector256.Load((int*)(weights + 64)));
                b1 = TDot.Add(b1, odd, Vector256.Load((int*)(weights + 96)));
            }
            if (step == steps) continue;
            var rest = Spread(x + (step * sizeof(int)));
            a0 = TDot.Add(a0, rest, Vector256.Load((int*)weights));
            b0 = TDot.Add(b0, rest, Vector256.Load((int*)(weights + 32)));
            weights += 64;
        }
        (a0 + a1).Store(sums);
        (b0 + b1).Store(sums + 8);
    }

    // Flipping its highest bit takes 128 from a byte and makes it a signed one.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Spread(byte* from) => Vector256.Create(*(int*)from ^ unchecked(TDot.Centre * 0x01010101));
}

/// <summary>Convolutions and dense layers whose data fill the lanes of a dot product that is exact for them.</summary>
internal sealed class DotProductsProvider<TDot> : SourceProvider where TDot : struct, IDot
{
    public override int Tile => DotProducts<TDot>.Tile;

    public override int Centre => TDot.Centre;

    public override bool Takes(KernelQuestion question) =>
        question.Group.IsProduct && question.Instructions.Include(TDot.Needs) && (int)question.Kind * TDot.Lane == sizeof(int)
        && TDot.IsExact(question.Group, question.Highest);

    protected override Source MakeSource(KernelParts parts)
    {
        var (taps, weights, starts) = PackedProduct.Of(parts, TDot.Lane);
        return new DotProducts<TDot>(parts.Data, taps, weights, starts);
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Planning;
using CortexMl.Engines.Cpu.Sweeps;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Depthwise 3x3 convolution of bytes that slides along the rows: the three bytes of a column of a channel are interleaved into a 32-bit
/// lane once, and serve every pixel that looks at the column. 32 channels at once, eight of either half in a pass. Weights are int8, [C /
/// 32][pass][column][2][8][4].
/// </summary>
/// <param name="starts">Byte offset of the first tap of every result pixel.</param>
internal sealed unsafe class SlidingDepthwise<TDot>(PackedBuffer data, TapAddresses addresses, Pinned<int> starts, Pinned<sbyte> weights)
    : Source where TDot : struct, IDot
{
    /// <summary>Pixels after which the columns are back in their registers.</summary>
    public const int Tile = 3;

    private const int Columns = 3, PassWeights = Columns * 2 * 32;

    private readonly int _row = (int)addresses.Window.Rows.Dilation * data.Layout.RowBytes;

    public override int BlocksAtOnce => 2;

    public static bool Fits(TapAddresses addresses) =>
        addresses.Window is { Rows.Kernel: 3, Columns: { Kernel: Columns, Dilation: 1 } };

    /// <summary>Weights [C, 3, 3] in the kernel's order.</summary>
    public static Pinned<sbyte> Pack(ReadOnlySpan<int> weights)
    {
        int channels = weights.Length / 9;
        var packed = new Pinned<sbyte>((channels + 31) / 32 * 2 * PassWeights);
        for (int c = 0; c < channels; c++)
        {
            int pass = c % 16 / 8, vector = c % 8 / 4, lane = (c % 32 / 16 * 4) + (c % 4);
            for (int tap = 0; tap < 9; tap++)
                packed.Span[(((c / 32) * 2) + pass) * PassWeights + (((tap % 3) * 2) + vector) * 32 + (lane * 4)
                    + (tap / 3)] = (sbyte)weights[(c * 9) + tap];
        }
        return packed;
    }

    public override void Fill(int block, int first, int count, int* sums)
    {
        byte* from = data.Pointer + At(block, data.Layout);
        sbyte* packed = weights.Pointer + ((nint)block * PassWeights);
        int* pixels = starts.Pointer + first;
        int pixel = data.Layout.PixelBytes;
        bool slides = addresses.Window.Columns.Stride == 1;
        Pass<Off>(from, pixels, count, _row, pixel, slides, packed, sums);
        Pass<On>(from, pixels, count, _row, pixel, slides, packed + PassWeights, sums + 8);
    }

    // Three pixels of a row at a time, after which the columns are back in their registers; the others one by one.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pass<TUpper>(byte* data, int* pixels, int count, nint row, nint pixel, bool slides, sbyte* w, int* sums)
        where TUpper : struct, ISwitch
    {
        int p = 0;
        while (p < count)
        {
            byte* from = data + pixels[p];
            var (a0, b0) = Column<TUpper>(from, row);
            var (a1, b1) = Column<TUpper>(from + pixel, row);
            for (; slides && p + 3 <= count && data + pixels[p + 2] == from + (2 * pixel); p += 3, sums += 3 * PackedLayout.Block)
            {
                var (a2, b2) = Column<TUpper>(from + (2 * pixel), row);
                Store(a0, b0, a1, b1, a2, b2, w, sums);
                from += 3 * pixel;
                (a0, b0) = Column<TUpper>(from, row);
                Store(a1, b1, a2, b2, a0, b0, w, sums + PackedLayout.Block);
                (a1, b1) = Column<TUpper>(from + pixel, row);
                Store(a2, b2, a0, b0, a1, b1, w, sums + (2 * PackedLayout.Block));
            }
            if (p == count || data + pixels[p] != from) continue;
            var (a, b) = Column<TUpper>(from + (2 * pixel), row);
            Store(a0, b0, a1, b1, a, b, w, sums);
            p++;
            sums += PackedLayout.Block;
        }
    }

    /// <summary>Three bytes of eight channels of either half, and a zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (Vector256<int> A, Vector256<int> B) Column<TUpper>(byte* top, nint row) where TUpper : struct, ISwitch
    {
        Vector256<byte> x0 = Vector256.Load(top), x1 = Vector256.Load(top + row), x2 = Vector256.Load(top + (2 * row));
        Vector256<short> x01 = (TUpper.IsOn ? Avx2.UnpackHigh(x0, x1) : Avx2.UnpackLow(x0, x1)).AsInt16();
        Vector256<short> x23 =
            (TUpper.IsOn ? Avx2.UnpackHigh(x2, Vector256<byte>.Zero) : Avx2.UnpackLow(x2, Vector256<byte>.Zero)).AsInt16();
        return (Avx2.UnpackLow(x01, x23).AsInt32(), Avx2.UnpackHigh(x01, x23).AsInt32());
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(
        Vector256<int> a0, Vector256<int> b0, Vector256<int> a1, Vector256<int> b1, Vector256<int> a2, Vector256<int> b2,
        sbyte* w, int* sums)
    {
        var a = TDot.Add(TDot.Add(TDot.Add(default, a0, Load(w)), a1, Load(w + 64)), a2, Load(w + 128));
        var b = TDot.Add(TDot.Add(TDot.Add(default, b0, Load(w + 32)), b1, Load(w + 96)), b2, Load(w + 160));
        Avx2.Permute2x128(a, b, 0x20).Store(sums);
        Avx2.Permute2x128(a, b, 0x31).Store(sums + (Chunk * PackedLayout.Block));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<int> Load(sbyte* weights) => Vector256.Load(weights).AsInt32();
}

/// <summary>Depthwise convolutions of 3x3 without gaps in a row, on bytes.</summary>
internal sealed class SlidingDepthwiseProvider<TDot> : SourceProvider where TDot : struct, IDot
{
    public override int Tile => SlidingDepthwise<TDot>.Tile;

    public override bool Takes(KernelQuestion question) =>
        question is { Kind: ElementKind.Byte, Group.IsDepthwise: true } && question.Instructions.Include(TDot.Needs)
        && TDot.IsExact(question.Group, question.Highest) && SlidingDepthwise<TDot>.Fits(question.Group.Addresses);

    protected override Source MakeSource(KernelParts parts)
    {
        var addresses = parts.Group.Addresses;
        var weights = SlidingDepthwise<TDot>.Pack(parts.Group.Head!.Operands[1].Constant!.Integers);
        return new SlidingDepthwise<TDot>(parts.Data, addresses, addresses.Starts(parts.Data.Layout), weights);
    }
}

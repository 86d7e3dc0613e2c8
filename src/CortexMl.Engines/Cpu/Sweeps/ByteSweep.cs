using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Sweeps;

/// <summary>
/// The last stage and the store of its result as bytes, two pixels at once; with <typeparamref name="TAdd"/> another tensor of bytes is
/// added first. The packing instructions saturate to the range of a byte, which holds the range of the clamp behind them: together they
/// are that clamp.
/// </summary>
internal sealed unsafe class ByteSweep<TAdd, TClamp, TMultiply> : Sweep
    where TAdd : struct, ISwitch where TClamp : struct, ISwitch where TMultiply : struct, ISwitch
{
    private readonly Stage _stage;
    private readonly PackedBuffer _result;
    private readonly Pinned<int> _pixels;
    private readonly Pinned<int>? _otherPixels;
    private readonly byte _low, _high;
    private readonly int _flip;

    public ByteSweep(Stage stage, PackedBuffer result)
    {
        (_stage, _result, _pixels) = (stage, result, new Pinned<int>(result.Layout.Pixels));
        if (TAdd.IsOn) _otherPixels = new Pinned<int>(stage.Other!.Layout.Pixels);
        int offset = result.Layout.Offset;
        // The result is proven to fit the layout, so that a wider clamp never reaches beyond it.
        _low = (byte)(Math.Max(stage.LastLow, -offset) + offset);
        _high = (byte)(Math.Min(stage.LastHigh, byte.MaxValue - offset) + offset);
        _flip = offset == 0 ? 0 : unchecked((int)0x80808080);
    }

    public override void Run(int block, int first, int count, int* sums)
    {
        int at = block * PackedLayout.Block;
        int* multiply = _stage.Multiply is { } factors ? factors.Pointer + at : null;
        byte* other = TAdd.IsOn ? _stage.Other!.Pointer + at : null;
        int* otherPixels = TAdd.IsOn ? _otherPixels!.Pointer + first : null;
        Store(sums, count, other, otherPixels, _stage.Add.Pointer + at, multiply, _stage, _result.Pointer + at,
            _pixels.Pointer + first, _low, _high, _flip);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(
        int* sums, int count, byte* other, int* otherPixels, int* add, int* multiply, Stage stage, byte* target, int* pixels,
        byte lowest, byte highest, int flips)
    {
        Vector256<int> addA = Vector256.Load(add), addB = Vector256.Load(add + 8), multiplyA = default, multiplyB = default;
        if (TMultiply.IsOn) (multiplyA, multiplyB) = (Vector256.Load(multiply), Vector256.Load(multiply + 8));
        Vector256<int> low = Vector256.Create(stage.Low), high = Vector256.Create(stage.High), rounding = Vector256.Create(stage.Rounding);
        Vector256<uint> first = Vector256.Create((uint)stage.FirstShift), last = Vector256.Create((uint)stage.LastShift);
        Vector256<byte> lastLow = Vector256.Create(lowest), lastHigh = Vector256.Create(highest);
        var order = Vector256.Create(0, 4, 1, 5, 2, 6, 3, 7);
        var flip = Vector256.Create(flips).AsByte();
        for (int p = 0; p < count; p += 2, sums += 2 * PackedLayout.Block)
        {
            Vector256<int> a = Vector256.Load(sums) + addA, b = Vector256.Load(sums + 8) + addB;
            Vector256<int> c = Vector256.Load(sums + 16) + addA, d = Vector256.Load(sums + 24) + addB;
            if (TAdd.IsOn)
            {
                byte* even = other + otherPixels[p], odd = other + otherPixels[Math.Min(p + 1, count - 1)];
                a += Lanes.Load<byte>(even, 0);
                b += Lanes.Load<byte>(even, 8);
                c += Lanes.Load<byte>(odd, 0);
                d += Lanes.Load<byte>(odd, 8);
            }
            if (TClamp.IsOn)
            {
                a = Vector256.Max(Vector256.Min(a, high), low);
                b = Vector256.Max(Vector256.Min(b, high), low);
                c = Vector256.Max(Vector256.Min(c, high), low);
                d = Vector256.Max(Vector256.Min(d, high), low);
            }
            if (TMultiply.IsOn)
            {
                a *= multiplyA;
                b *= multiplyB;
                c *= multiplyA;
                d *= multiplyB;
            }
            a = Avx2.ShiftRightArithmeticVariable(Avx2.ShiftRightArithmeticVariable(a, first) + rounding, last);
            b = Avx2.ShiftRightArithmeticVariable(Avx2.ShiftRightArithmeticVariable(b, first) + rounding, last);
            c = Avx2.ShiftRightArithmeticVariable(Avx2.ShiftRightArithmeticVariable(c, first) + rounding, last);
            d = Avx2.ShiftRightArithmeticVariable(Avx2.ShiftRightArithmeticVariable(d, first) + rounding, last);
            Vector256<short> left = Avx2.PackSignedSaturate(a, b), right = Avx2.PackSignedSaturate(c, d);
            var bytes = flips == 0 ? Avx2.PackUnsignedSaturate(left, right) : Avx2.PackSignedSaturate(left, right).AsByte() ^ flip;
            bytes = Avx2.Max(Avx2.Min(bytes, lastHigh), lastLow);
            bytes = Avx2.PermuteVar8x32(bytes.AsInt32(), order).AsByte();
            bytes.GetLower().Store(target + pixels[p]);
            if (p + 1 < count) bytes.GetUpper().Store(target + pixels[p + 1]);
        }
    }
}

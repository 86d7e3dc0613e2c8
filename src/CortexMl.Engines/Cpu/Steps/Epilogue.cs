using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>What happens to the sums [count, 16] of a block after its source has computed them. Leaf methods: no call while vectors live.</summary>
internal static unsafe class Epilogue
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Combine<T>(int* sums, int count, byte* other, int* pixels, bool subtracts) where T : unmanaged
    {
        var sign = Vector256.Create(subtracts ? -1 : 0);
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            // (y ^ -1) + 1 is -y.
            (Vector256.Load(sums) + (Lanes.Load<T>(other + pixels[p], 0) ^ sign) - sign).Store(sums);
            (Vector256.Load(sums + 8) + (Lanes.Load<T>(other + pixels[p], 8) ^ sign) - sign).Store(sums + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Apply(int* sums, int count, Stage stage, int block)
    {
        int* add = stage.Add.Pointer + (block * PackedLayout.Block), multiply = stage.Multiply.Pointer + (block * PackedLayout.Block);
        Vector256<int> addA = Vector256.Load(add), addB = Vector256.Load(add + 8);
        Vector256<int> multiplyA = Vector256.Load(multiply), multiplyB = Vector256.Load(multiply + 8);
        Vector256<int> low = Vector256.Create(stage.Low), high = Vector256.Create(stage.High), rounding = Vector256.Create(stage.Rounding);
        Vector256<int> lastLow = Vector256.Create(stage.LastLow), lastHigh = Vector256.Create(stage.LastHigh);
        int first = stage.FirstShift, last = stage.LastShift;
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            var a = Vector256.Max(Vector256.Min(Vector256.Load(sums) + addA, high), low) * multiplyA;
            var b = Vector256.Max(Vector256.Min(Vector256.Load(sums + 8) + addB, high), low) * multiplyB;
            a = Vector256.ShiftRightArithmetic(Vector256.ShiftRightArithmetic(a, first) + rounding, last);
            b = Vector256.ShiftRightArithmetic(Vector256.ShiftRightArithmetic(b, first) + rounding, last);
            Vector256.Max(Vector256.Min(a, lastHigh), lastLow).Store(sums);
            Vector256.Max(Vector256.Min(b, lastHigh), lastLow).Store(sums + 8);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Store(int* sums, int count, byte* target, int* pixels, ElementKind kind)
    {
        for (int p = 0; p < count; p++, sums += PackedLayout.Block) Lanes.Store(Vector256.Load(sums), Vector256.Load(sums + 8), target + pixels[p], kind);
    }
}

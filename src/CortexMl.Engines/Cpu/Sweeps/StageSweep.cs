using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using CortexMl.Engines.Cpu.Memory;
using CortexMl.Engines.Cpu.Sources;

namespace CortexMl.Engines.Cpu.Sweeps;

/// <summary>A stage in place, its other tensor already added.</summary>
internal sealed unsafe class StageSweep<TClamp, TMultiply>(Stage stage) : Sweep where TClamp : struct,
ISwitch where TMultiply : struct, ISwitch
{
    public override void Run(int block, int first, int count, int* sums)
    {
        int at = block * PackedLayout.Block;
        Apply(sums, count, stage.Add.Pointer + at, stage.Multiply is { } multiply ? multiply.Pointer + at : null, stage);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apply(int* sums, int count, int* add, int* multiply, Stage stage)
    {
        Vector256<int> addA = Vector256.Load(add), addB = Vector256.Load(add + 8), multiplyA = default, multiplyB = default;
        if (TMultiply.IsOn) (multiplyA, multiplyB) = (Vector256.Load(multiply), Vector256.Load(multiply + 8));
        Vector256<int> low = Vector256.Create(stage.Low), high = Vector256.Create(stage.High), rounding = Vector256.Create(stage.Rounding);
        Vector256<int> lastLow = Vector256.Create(stage.LastLow), lastHigh = Vector256.Create(stage.LastHigh);
        int first = stage.FirstShift, last = stage.LastShift;
        for (int p = 0; p < count; p++, sums += PackedLayout.Block)
        {
            Vector256<int> a = Vector256.Load(sums) + addA, b = Vector256.Load(sums + 8) + addB;
            if (TClamp.IsOn)
            {
                a = Vector256.Max(Vector256.Min(a, high), low);
                b = Vector256.Max(Vector256.Min(b, high), low);
            }
            if (TMultiply.IsOn)
            {
                a *= multiplyA;
                b *= multiplyB;
            }
            a = Lanes.ShiftRight(Lanes.ShiftRight(a, first) + rounding, last);
            b = Lanes.ShiftRight(Lanes.ShiftRight(b, first) + rounding, last);
            Vector256.Max(Vector256.Min(a, lastHigh), lastLow).Store(sums);
            Vector256.Max(Vector256.Min(b, lastHigh), lastLow).Store(sums + 8);
        }
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>table[x], x clamped to the table.</summary>
internal sealed unsafe class TableStrip(int[] table) : StripKernel
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public override void Run(StripOperands operands, Span<int> result)
    {
        var x = operands.First[..result.Length];
        int last = table.Length - 1, whole = Avx2.IsSupported && last >= 0 ? result.Length & -Vector256<int>.Count : 0;
        ref int from = ref MemoryMarshal.GetReference(x);
        ref int to = ref MemoryMarshal.GetReference(result);
        Vector256<int> highest = Vector256.Create(last);
        fixed (int* entries = table)
        {
            for (int i = 0; i < whole; i += Vector256<int>.Count)
            {
                var index = Vector256.Max(Vector256.Min(Vector256.LoadUnsafe(ref from, (nuint)i), highest), Vector256<int>.Zero);
                Avx2.GatherVector256(entries, index, sizeof(int)).StoreUnsafe(ref to, (nuint)i);
            }
        }
        for (int i = whole; i < result.Length; i++) result[i] = table[Math.Clamp(x[i], 0, last)];
    }
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CortexMl.Engines.Cpu.Steps;

/// <summary>Products of matrices of pairs. Needs AVX2. Sums wrap at 32 bits.</summary>
internal static class PairProduct
{
    /// <summary>Rows of data that are multiplied at once.</summary>
    public const int Rows = 4;

    private const int Columns = 2 * PairedRows.Block;

    /// <summary>Four rows times sixteen columns.</summary>
    /// <param name="data">Row after row, four of them.</param>
    /// <param name="first">A block of columns.</param>
    /// <param name="second">The block behind it.</param>
    /// <param name="sums">[row, column].</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(ref int data, ref int first, ref int second, int pairs, Span<int> sums)
    {
        Vector256<int> a0 = default, a1 = default, a2 = default, a3 = default, b0 = default, b1 = default, b2 = default, b3 = default;
        for (int p = 0; p < pairs; p++)
        {
            var left = Vector256.LoadUnsafe(ref first, (nuint)(p * PairedRows.Block)).AsInt16();
            var right = Vector256.LoadUnsafe(ref second, (nuint)(p * PairedRows.Block)).AsInt16();
            var row = Vector256.Create(Unsafe.Add(ref data, p)).AsInt16();
            a0 += Avx2.MultiplyAddAdjacent(row, left);
            b0 += Avx2.MultiplyAddAdjacent(row, right);
            row = Vector256.Create(Unsafe.Add(ref data, p + pairs)).AsInt16();
            a1 += Avx2.MultiplyAddAdjacent(row, left);
            b1 += Avx2.MultiplyAddAdjacent(row, right);
            row = Vector256.Create(Unsafe.Add(ref data, p + (2 * pairs))).AsInt16();
            a2 += Avx2.MultiplyAddAdjacent(row, left);
            b2 += Avx2.MultiplyAddAdjacent(row, right);
            row = Vector256.Create(Unsafe.Add(ref data, p + (3 * pairs))).AsInt16();
            a3 += Avx2.MultiplyAddAdjacent(row, left);
            b3 += Avx2.MultiplyAddAdjacent(row, right);
        }
        Store(a0, b0, sums);
        Store(a1, b1, sums[Columns..]);
        Store(a2, b2, sums[(2 * Columns)..]);
        Store(a3, b3, sums[(3 * Columns)..]);
    }

    private static void Store(Vector256<int> left, Vector256<int> right, Span<int> row)
    {
        left.CopyTo(row);
        right.CopyTo(row[PairedRows.Block..]);
    }
}

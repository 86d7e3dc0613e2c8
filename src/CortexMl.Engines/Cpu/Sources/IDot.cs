using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>A product of the elements inside each 32-bit lane, added up there. Additions wrap at 32 bits, nothing saturates.</summary>
internal interface IDot
{
    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight);
}

/// <summary>Two signed 16-bit products: vpmaddwd, vpaddd.</summary>
internal readonly struct PairDot : IDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        Avx2.Add(sum, Avx2.MultiplyAddAdjacent(data.AsInt16(), weight.AsInt16()));
}

/// <summary>
/// Four products of unsigned data and signed weights: vpmaddubsw. Only for operands for which no pair of products leaves 16 bits.
/// </summary>
internal readonly struct QuadDot : IDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        Avx2.Add(sum, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(data.AsByte(), weight.AsSByte()), Vector256.Create((short)1)));
}

/// <summary>Two signed 16-bit products and the sum in one instruction: vpdpwssd.</summary>
internal readonly struct VnniPairDot : IDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        AvxVnni.MultiplyWideningAndAdd(sum, data.AsInt16(), weight.AsInt16());
}

/// <summary>Four products of unsigned data and signed weights, exact: vpdpbusd.</summary>
internal readonly struct VnniQuadDot : IDot
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        AvxVnni.MultiplyWideningAndAdd(sum, data.AsByte(), weight.AsSByte());
}

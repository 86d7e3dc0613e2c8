using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>A product of the elements inside each 32-bit lane, added up there. Additions wrap at 32 bits, nothing saturates.</summary>
internal interface IDot
{
    /// <summary>What the machine must have.</summary>
    static abstract CpuInstructions Needs { get; }

    /// <summary>Elements in a lane.</summary>
    static abstract int Lane { get; }

    /// <summary>What <see cref="Add"/> wants taken from every unsigned byte before, 128 or 0; see <see cref="Corrections"/>.</summary>
    static virtual int Centre => 0;

    /// <summary>Whether a group's weights and data up to this are multiplied exactly.</summary>
    static abstract bool IsExact(Group group, long highest);

    static abstract Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight);
}

/// <summary>Two signed 16-bit products: vpmaddwd, vpaddd.</summary>
internal readonly struct PairDot : IDot
{
    public static CpuInstructions Needs => CpuInstructions.Avx2;

    public static int Lane => 2;

    public static bool IsExact(Group group, long highest) => group.HasWeightsWithin(short.MinValue, short.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        Avx2.Add(sum, Avx2.MultiplyAddAdjacent(data.AsInt16(), weight.AsInt16()));
}

/// <summary>
/// Four products of unsigned data and signed weights: vpmaddubsw. Only for operands for which no pair of products leaves 16 bits.
/// </summary>
internal readonly struct QuadDot : IDot
{
    public static CpuInstructions Needs => CpuInstructions.Avx2;

    public static int Lane => 4;

    // Neighbours are channels of one tap, or the last of one tap and the first of the next.
    public static bool IsExact(Group group, long highest)
    {
        var (least, greatest) = group.Weights;
        long largest = Math.Max(Math.Abs((long)least), Math.Abs((long)greatest));
        return group.HasWeightsWithin(sbyte.MinValue, sbyte.MaxValue) && 2 * largest * highest <= short.MaxValue;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        Avx2.Add(sum, Avx2.MultiplyAddAdjacent(Avx2.MultiplyAddAdjacent(data.AsByte(), weight.AsSByte()), Vector256.Create((short)1)));
}

/// <summary>Two signed 16-bit products and the sum in one instruction: vpdpwssd.</summary>
internal readonly struct VnniPairDot : IDot
{
    public static CpuInstructions Needs => CpuInstructions.AvxVnni;

    public static int Lane => 2;

    public static bool IsExact(Group group, long highest) => group.HasWeightsWithin(short.MinValue, short.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        AvxVnni.MultiplyWideningAndAdd(sum, data.AsInt16(), weight.AsInt16());
}

/// <summary>Four products of unsigned data and signed weights, exact: vpdpbusd.</summary>
internal readonly struct VnniQuadDot : IDot
{
    public static CpuInstructions Needs => CpuInstructions.AvxVnni;

    public static int Lane => 4;

    public static bool IsExact(Group group, long highest) => group.HasWeightsWithin(sbyte.MinValue, sbyte.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) =>
        AvxVnni.MultiplyWideningAndAdd(sum, data.AsByte(), weight.AsSByte());
}

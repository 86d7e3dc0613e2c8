using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using CortexMl.Engines.Cpu.Planning;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>
/// Four products of signed bytes, exact: sdot of arm64. Σ w · x = Σ w · (x − 128) + 128 · Σ w, where x − 128 of an unsigned byte is a
/// signed one. Data that lie with an offset of 128 are themselves again by that.
/// </summary>
internal readonly struct NeonQuadDot : IDot
{
    public static CpuInstructions Needs => CpuInstructions.NeonDot;

    public static int Lane => 4;

    public static int Centre => 128;

    public static bool IsExact(Group group, long highest) => group.HasWeightsWithin(sbyte.MinValue, sbyte.MaxValue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Add(Vector256<int> sum, Vector256<int> data, Vector256<int> weight) => Vector256.Create(
        Dp.DotProduct(sum.GetLower(), data.GetLower().AsSByte(), weight.GetLower().AsSByte()),
        Dp.DotProduct(sum.GetUpper(), data.GetUpper().AsSByte(), weight.GetUpper().AsSByte()));
}

using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CortexMl.Engines.Float.Portable;

/// <summary>
/// A register of floats. Lanes never meet: each holds a sum of its own, so that the number of lanes cannot change a result.
/// </summary>
internal unsafe interface ILanes<TRegister> where TRegister : struct
{
    /// <summary>Floats in a register.</summary>
    static abstract int Count { get; }

    static abstract TRegister Load(float* from);

    static abstract void Store(TRegister register, float* to);

    /// <summary>One number in every lane.</summary>
    static abstract TRegister Fill(float number);

    /// <summary>a · b + sum in every lane, rounded once (IEEE 754's fusedMultiplyAdd), with or without such an instruction.</summary>
    static abstract TRegister MultiplyAdd(TRegister a, TRegister b, TRegister sum);
}

/// <summary>16 lanes: AVX-512.</summary>
internal readonly unsafe struct Lanes16 : ILanes<Vector512<float>>
{
    public static int Count => Vector512<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* from) => Vector512.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector512<float> register, float* to) => register.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Fill(float number) => Vector512.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyAdd(Vector512<float> a, Vector512<float> b, Vector512<float> sum) =>
        Vector512.FusedMultiplyAdd(a, b, sum);
}

/// <summary>8 lanes: AVX2 with FMA3.</summary>
internal readonly unsafe struct Lanes8 : ILanes<Vector256<float>>
{
    public static int Count => Vector256<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Load(float* from) => Vector256.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector256<float> register, float* to) => register.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Fill(float number) => Vector256.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> MultiplyAdd(Vector256<float> a, Vector256<float> b, Vector256<float> sum) =>
        Vector256.FusedMultiplyAdd(a, b, sum);
}

/// <summary>4 lanes: Arm's AdvSimd, and every processor for which nothing better is known.</summary>
internal readonly unsafe struct Lanes4 : ILanes<Vector128<float>>
{
    public static int Count => Vector128<float>.Count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Load(float* from) => Vector128.Load(from);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Vector128<float> register, float* to) => register.Store(to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Fill(float number) => Vector128.Create(number);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> MultiplyAdd(Vector128<float> a, Vector128<float> b, Vector128<float> sum) =>
        Vector128.FusedMultiplyAdd(a, b, sum);
}

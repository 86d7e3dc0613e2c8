using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using CortexMl.Engines.Cpu.Memory;

namespace CortexMl.Engines.Cpu.Sources;

/// <summary>Eight elements of any kind as int32, and back.</summary>
internal static unsafe class Lanes
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> Load<T>(byte* from, int index) where T : unmanaged
    {
        if (typeof(T) == typeof(byte) && Avx2.IsSupported) return Avx2.ConvertToVector256Int32(from + index);
        if (typeof(T) == typeof(short) && Avx2.IsSupported) return Avx2.ConvertToVector256Int32((short*)from + index);
        if (typeof(T) == typeof(byte))
        {
            var words = Vector128.WidenLower(Vector128.CreateScalarUnsafe(*(ulong*)(from + index)).AsByte());
            return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words)).AsInt32();
        }
        if (typeof(T) == typeof(short))
        {
            var words = Vector128.Load((short*)from + index);
            return Vector256.Create(Vector128.WidenLower(words), Vector128.WidenUpper(words));
        }
        return Vector256.Load((int*)from + index);
    }

    /// <summary>Stores 16 numbers that fit the type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<T>(Vector256<int> a, Vector256<int> b, byte* to) where T : unmanaged
    {
        if (typeof(T) == typeof(int))
        {
            a.Store((int*)to);
            b.Store((int*)to + 8);
            return;
        }
        var words = Vector256.Narrow(a, b);
        if (typeof(T) == typeof(short)) words.Store((short*)to);
        else Vector128.Narrow(words.GetLower().AsUInt16(), words.GetUpper().AsUInt16()).Store(to);
    }

    /// <summary>An arithmetic shift of every lane by the same number of bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<int> ShiftRight(Vector256<int> x, int bits) =>
        Avx2.IsSupported ? Avx2.ShiftRightArithmeticVariable(x, Vector256.Create((uint)bits)) : Vector256.ShiftRightArithmetic(x, bits);
}

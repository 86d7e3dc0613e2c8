using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>
/// A divisor d as a factor m: a / d is ⌊a · m / 2^(32 + shift)⌋, and 1 more for negative a, for every 32-bit a, where
/// m = 1 + ⌊2^(31 + l) / |d|⌋, l = ⌈log2 |d|⌉, shift = l - 1. Source: Granlund and Montgomery, "Division by invariant
/// integers using multiplication" (1994), section 5.
/// </summary>
/// <param name="divisor">Any number; what 0, 1 and -1 divide is not multiplied.</param>
/// <param name="factor">m - 2^32, which fits 32 bits with a sign.</param>
internal readonly struct Reciprocal(int divisor, int factor, int shift)
{
    public static Reciprocal Of(int divisor)
    {
        long magnitude = Math.Abs((long)divisor);
        if (magnitude < 2) return new Reciprocal(divisor, 0, 0);
        int l = 64 - BitOperations.LeadingZeroCount((ulong)(magnitude - 1));
        return new Reciprocal(divisor, unchecked((int)(1 + ((1L << (31 + l)) / magnitude))), l - 1);
    }

    /// <summary>Needs AVX2.</summary>
    /// <param name="result">As long as <paramref name="a"/>, which it may be.</param>
    public void Divide(ReadOnlySpan<int> a, Span<int> result)
    {
        int whole = divisor is 0 or 1 or -1 ? 0 : a.Length & -Vector256<int>.Count;
        ref int from = ref MemoryMarshal.GetReference(a);
        ref int to = ref MemoryMarshal.GetReference(result);
        for (int i = 0; i < whole; i += Vector256<int>.Count)
            Divide(Vector256.LoadUnsafe(ref from, (nuint)i)).StoreUnsafe(ref to, (nuint)i);
        for (int i = whole; i < a.Length; i++) result[i] = DivisionStrip.Quotient(a[i], divisor);
    }

    private Vector256<int> Divide(Vector256<int> a)
    {
        var m = Vector256.Create(factor);
        // The upper halves of the products of the elements with even numbers, and with odd ones.
        var even = Vector256.ShiftRightLogical(Avx2.Multiply(a, m), 32).AsInt32();
        var odd = Avx2.Multiply(Vector256.ShiftRightLogical(a.AsInt64(), 32).AsInt32(), m).AsInt32();
        var high = Avx2.Blend(even, odd, 0b1010_1010);
        var quotient = Vector256.ShiftRightArithmetic(high + a, shift) - Vector256.ShiftRightArithmetic(a, 31);
        return divisor < 0 ? -quotient : quotient;
    }
}

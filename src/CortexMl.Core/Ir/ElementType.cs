using System.Globalization;
using System.Numerics;

namespace CortexMl.Ir;

/// <summary>
/// <c>f32</c>, or <c>i&lt;p&gt;</c>: an integer of CVM precision p in 1..32, that is |v| &lt;= 2^(p-1) - 1 (symmetric, the most negative
/// code unused).
/// </summary>
public readonly record struct ElementType
{
    /// <summary>0 for f32, else p.</summary>
    private readonly byte _precision;

    private ElementType(int precision) => _precision = (byte)precision;

    public static ElementType F32 => default;

    /// <summary>The integer type of precision <paramref name="precision"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not in 1..32.</exception>
    public static ElementType Integer(int precision)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(precision, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(precision, 32);
        return new ElementType(precision);
    }

    public bool IsFloat => _precision == 0;

    public bool IsInteger => _precision != 0;

    /// <summary>p of an integer type.</summary>
    public int Precision => IsInteger ? _precision : throw new InvalidOperationException("f32 has no precision");

    /// <summary>α(p) = 2^(p-1) - 1, the largest magnitude.</summary>
    public long Bound => Precisions.Bound(Precision);

    public override string ToString() => IsFloat ? "f32" : "i" + _precision.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Arithmetic of CVM precisions (CortexMl.Cvm/SPECIFICATION.md §1, passes/Quantize/README.md §1).</summary>
public static class Precisions
{
    /// <summary>α(p) = 2^(p-1) - 1: the largest magnitude that precision p holds.</summary>
    public static long Bound(int precision) => (1L << (precision - 1)) - 1;

    /// <summary>Number of binary digits of n &gt;= 0: bits(0) = 0, bits(1) = 1, bits(127) = 7.</summary>
    public static int Bits(long n) => 64 - BitOperations.LeadingZeroCount((ulong)n);

    /// <summary>
    /// The smallest precision that holds every integer of magnitude up to <paramref name="magnitude"/>: Of(0) = 1, Of(127) = 8, Of(128) =
    /// 9.
    /// </summary>
    public static int Of(long magnitude) => Bits(magnitude) + 1;
}

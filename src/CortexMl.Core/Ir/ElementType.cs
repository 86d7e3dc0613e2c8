using System.Globalization;

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

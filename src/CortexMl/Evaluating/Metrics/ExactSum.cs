using System.Globalization;
using System.Numerics;

namespace CortexMl.Evaluating.Metrics;

/// <summary>
/// A sum of doubles without any rounding before its end: whatever the order and the grouping, the same bits. For one number a sample.
/// </summary>
internal sealed class ExactSum
{
    /// <summary>The smallest double is 2 to the power of minus this.</summary>
    private const int Fraction = 1074;

    private const int MantissaBits = 52, Kept = 64;

    /// <summary>Of 2^64 of the largest double.</summary>
    private const int MostDigits = (Fraction + 1024 + 64) / 4 + 1;

    private BigInteger _units;

    public bool IsNegative => _units.Sign < 0;

    /// <summary>Rounded once.</summary>
    public double Value
    {
        get
        {
            var magnitude = BigInteger.Abs(_units);
            int shift = Math.Max(0, (int)magnitude.GetBitLength() - Kept);
            // What is cut off below bit 64 only breaks ties.
            ulong top = (ulong)(magnitude >> shift) | (shift > 0 && !(magnitude & ((BigInteger.One << shift) - 1)).IsZero ? 1UL : 0);
            return _units.Sign * Math.ScaleB(top, shift - Fraction);
        }
    }

    /// <summary>Not finite numbers do not count.</summary>
    public void Add(double number)
    {
        if (!double.IsFinite(number) || number == 0) return;
        long bits = BitConverter.DoubleToInt64Bits(number);
        int exponent = (int)(bits >> MantissaBits & 0x7ff);
        long mantissa = bits & (1L << MantissaBits) - 1 | (exponent > 0 ? 1L << MantissaBits : 0);
        _units += new BigInteger(number < 0 ? -mantissa : mantissa) << Math.Max(0, exponent - 1);
    }

    public void Add(ExactSum other) => _units += other._units;

    /// <summary>All of its bits: a whole number of the smallest double, in hexadecimal digits, lower case, with a sign below 0.</summary>
    public override string ToString() => _units.IsZero ? "0"
        : (_units.Sign < 0 ? "-" : "") + BigInteger.Abs(_units).ToString("x", CultureInfo.InvariantCulture).TrimStart('0');

    /// <summary>What <see cref="ToString"/> wrote; null for anything else.</summary>
    public static ExactSum? Parse(string text)
    {
        string digits = text.StartsWith('-') ? text[1..] : text;
        if (digits.Length is 0 or > MostDigits || !digits.All(char.IsAsciiHexDigitLower)) return null;
        var units = BigInteger.Parse("0" + digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var sum = new ExactSum { _units = digits.Length < text.Length ? -units : units };
        return sum.ToString() == text ? sum : null;
    }
}

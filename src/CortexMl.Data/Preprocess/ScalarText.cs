using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Data.Preprocess;

/// <summary>Numbers of the preprocessing options: <c>0.5</c>, <c>1/255</c>, and lists of them separated by commas.</summary>
public static class ScalarText
{
    /// <summary>Of numbers that people write as they are.</summary>
    private const int ShortLength = 8;

    /// <exception cref="DiagnosticException">CML0807.</exception>
    public static double Parse(string text)
    {
        string[] parts = text.Split('/');
        if (parts.Length <= 2 && Number(parts[0]) is { } numerator && Number(parts[^1]) is { } denominator)
            return parts.Length == 1 ? numerator : numerator / denominator;
        throw new DiagnosticException(DataCodes.Preprocessing, $"'{text}' is not a number", hint: "write 0.5 or 1/255");
    }

    public static IReadOnlyList<double> ParseList(string text) => [.. text.Split(',').Select(Parse)];

    /// <summary>1/255 rather than 0.00392156862745098, where that is exactly what it is; 2/255 likewise, and 0.4 as it is.</summary>
    public static string Format(double value)
    {
        string text = Numerics.Numbers.Format(value);
        if (Fraction(1) is { } inverse) return inverse;
        return text.Length > ShortLength && Fraction(2) is { } twice ? twice : text;

        string? Fraction(int numerator)
        {
            double denominator = Math.Round(numerator / value);
            return denominator is > 1 and < 1e6 && numerator / denominator == value
                ? string.Create(CultureInfo.InvariantCulture, $"{numerator}/{Numerics.Numbers.Format(denominator)}") : null;
        }
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
}

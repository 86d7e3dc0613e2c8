using System.Globalization;
using CortexMl.Comparing;
using CortexMl.Diagnostics;

namespace CortexMl.Pages;

/// <summary>How pages spell numbers.</summary>
internal static class Figures
{
    public static string Whole(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>At most four digits and a letter: 1.23 M.</summary>
    public static string Short(double number)
    {
        var (unit, letter) = Math.Abs(number) switch
        {
            >= 1e12 => (1e12, " T"),
            >= 1e9 => (1e9, " G"),
            >= 1e6 => (1e6, " M"),
            >= 1e4 => (1e3, " k"),
            _ => (1, ""),
        };
        double scaled = number / unit;
        string form = unit == 1 || Math.Abs(scaled) >= 100 ? "N0" : Math.Abs(scaled) >= 10 ? "F1" : "F2";
        return scaled.ToString(form, CultureInfo.InvariantCulture) + letter;
    }

    /// <summary>The same of bytes: 1.23 MB, 970 B.</summary>
    public static string Bytes(long bytes) => Short(bytes) + (bytes < 10_000 ? " B" : "B");

    public static string Real(double number) => number.ToString("G4", CultureInfo.InvariantCulture);

    public static string Share(double? share) =>
        share is { } known ? string.Create(CultureInfo.InvariantCulture, $"{100 * known:F2} %") : "–";

    public static string Decibels(double? decibels) =>
        decibels is { } known ? string.Create(CultureInfo.InvariantCulture, $"{known:F1} dB") : "exact";

    /// <summary>A figure in the unit of a comparison; a dash for one that is not known.</summary>
    public static string In(string unit, double? number) => number is not { } known ? "–" : unit switch
    {
        "share" => Share(known),
        "dB" => Decibels(known),
        "bytes" => Counted.Grouped((long)known, "byte"),
        _ => Whole((long)known),
    };

    /// <summary>What the second has more than the first: shares in points, counts in percent.</summary>
    public static string Change(ComparedFigure figure)
    {
        if (figure is not { First: { } first, Second: { } second }) return "–";
        if (first == second) return "the same";
        string sign = second > first ? "+" : "−";
        double change = Math.Abs(second - first);
        return sign + figure.Unit switch
        {
            "share" => string.Create(CultureInfo.InvariantCulture, $"{100 * change:F2} points"),
            "dB" => Decibels(change),
            _ when first > 0 => string.Create(CultureInfo.InvariantCulture, $"{100 * change / first:F1} %"),
            _ => Whole((long)change),
        };
    }

    public static string Milliseconds(double milliseconds) => string.Create(CultureInfo.InvariantCulture, $"{milliseconds:F3} ms");
}

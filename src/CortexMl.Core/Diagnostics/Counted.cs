using System.Globalization;

namespace CortexMl.Diagnostics;

/// <summary>Numbers of things in messages: <c>1 sample</c>, <c>1,000 samples</c>, <c>0 samples</c>.</summary>
public static class Counted
{
    /// <param name="noun">One of them.</param>
    /// <param name="plural">Several of them, where that is not the noun with an s.</param>
    public static string Of(long count, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {Word(count, noun, plural)}");

    /// <summary>With groups of three digits, for people.</summary>
    public static string Grouped(long count, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {Word(count, noun, plural)}");

    private static string Word(long count, string noun, string? plural) => count == 1 ? noun : plural ?? noun + "s";
}

using System.Globalization;
using System.Numerics;

namespace CortexMl.Diagnostics;

/// <summary>Numbers of things in messages: <c>1 sample</c>, <c>1,000 samples</c>, <c>0 samples</c>.</summary>
public static class Counted
{
    /// <param name="noun">One of them; with a verb where the number is its subject: <c>byte is</c>.</param>
    /// <param name="plural">Several of them, where that is not the noun with an s.</param>
    public static string Of<T>(T count, string noun, string? plural = null)
        where T : INumberBase<T> =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {Word(count, noun, plural)}");

    /// <summary>With groups of three digits, for people.</summary>
    public static string Grouped<T>(T count, string noun, string? plural = null)
        where T : INumberBase<T> =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {Word(count, noun, plural)}");

    /// <summary><c>there is 1 node</c>, <c>there are 2 nodes</c>.</summary>
    public static string There<T>(T count, string noun, string? plural = null)
        where T : INumberBase<T> =>
        $"there {(count == T.One ? "is" : "are")} {Of(count, noun, plural)}";

    /// <summary>A part and what it does: <c>1 of 3 samples has</c>, <c>2 of 3 samples have</c>.</summary>
    /// <param name="one">The verb where the part is 1.</param>
    /// <param name="several">The verb otherwise.</param>
    public static string Part(long part, long all, string noun, string one, string several) =>
        string.Create(CultureInfo.InvariantCulture, $"{part} of {Of(all, noun)} {(part == 1 ? one : several)}");

    private static string Word<T>(T count, string noun, string? plural)
        where T : INumberBase<T> =>
        count == T.One ? noun : plural ?? noun + "s";
}

/// <summary>Names in messages: the first few, and of the rest the number: <c>a, b, c and 1,997 more</c>.</summary>
public static class Listing
{
    /// <summary>Names that a message tells where it has no reason to tell more or fewer.</summary>
    public const int Shown = 8;

    public static string Of(IReadOnlyCollection<string> names, int shown = Shown)
    {
        string more = names.Count > shown ? string.Create(CultureInfo.InvariantCulture, $" and {names.Count - shown:N0} more") : "";
        return string.Join(", ", names.Take(shown)) + more;
    }
}

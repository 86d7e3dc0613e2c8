using System.Globalization;

namespace CortexMl.Diagnostics;

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

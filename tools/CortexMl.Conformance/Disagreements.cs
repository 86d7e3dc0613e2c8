namespace CortexMl.Conformance;

/// <summary>Collects what differs, one line each.</summary>
internal sealed class Disagreements
{
    private const int Shown = 400;
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines => _lines;

    public void Compare(string what, string expected, string found, string? because = null)
    {
        if (expected != found)
            _lines.Add($"{what}: expected {Short(expected)}, found {Short(found)}{(because is null ? "" : $" ({because})")}");
    }

    /// <summary>Null is not compared.</summary>
    public void Compare(string what, long? expected, long found)
    {
        if (expected is { } value && value != found) _lines.Add($"{what}: expected {value}, found {found}");
    }

    private static string Short(string text) => text.Length <= Shown ? text : text[..Shown] + "…";
}

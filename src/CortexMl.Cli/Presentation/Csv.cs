using CortexMl.Diagnostics;

namespace CortexMl.Cli.Presentation;

/// <summary>Fields of the lines on standard output.</summary>
internal static class Csv
{
    /// <summary>A name from outside: escaped, and in quotes where it holds what separates fields.</summary>
    public static string Field(string name)
    {
        string shown = Printable.Escape(name);
        return shown.AsSpan().ContainsAny(',', '"') ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : shown;
    }
}

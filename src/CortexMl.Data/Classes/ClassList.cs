using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Data.Classes;

/// <summary>The names of a network's classes, each with its index; a class may have several names, or none.</summary>
public sealed class ClassList
{
    /// <summary>The file that is taken where it stands beside data, or within a folder of images.</summary>
    public const string FileName = "classes.txt";

    private const int MaxClasses = 1 << 20;

    private readonly Dictionary<int, string> _shown = [];
    private readonly Dictionary<string, List<int>> _indices = new(StringComparer.Ordinal);

    /// <param name="names">The first name of an index is the one that is shown.</param>
    /// <exception cref="DiagnosticException">CML0815.</exception>
    internal ClassList(IEnumerable<(int Index, string Name)> names, string source)
    {
        Source = source;
        foreach (var (index, name) in names)
        {
            if (index is < 0 or >= MaxClasses)
                throw Wrong(string.Create(CultureInfo.InvariantCulture, $"class {index} of '{name}' is not between 0 and {MaxClasses - 1}"),
                    source);
            _shown.TryAdd(index, name);
            if (!_indices.TryGetValue(name, out var of)) _indices[name] = of = [];
            if (!of.Contains(index)) of.Add(index);
            Count = Math.Max(Count, index + 1);
        }
        if (Count == 0) throw Wrong("no class is named here", source);
    }

    /// <summary>Name of the file, for messages.</summary>
    public string Source { get; }

    /// <summary>One more than the largest index.</summary>
    public int Count { get; private init; }

    /// <summary>Null for a class without a name.</summary>
    public string? NameOf(int index) => _shown.GetValueOrDefault(index);

    internal bool Knows(string name) => _indices.ContainsKey(name);

    /// <exception cref="DiagnosticException">CML0815: unknown, or the name of several classes.</exception>
    public int IndexOf(string name, string what, SourceLocation? location = null)
    {
        if (!_indices.TryGetValue(name, out var of))
            throw new DiagnosticException(
                DataCodes.Classes, $"{what} '{Printable.Name(name)}' is no class of '{Source}': [{Known()}]", location,
                Nearest.Hint(name, _indices.Keys) ?? "a name must be spelled as in the class list");
        if (of.Count == 1) return of[0];
        string classes = string.Join(" and ", of.Select(i => i.ToString(CultureInfo.InvariantCulture)));
        throw new DiagnosticException(
            DataCodes.Classes, $"{what} '{Printable.Name(name)}' is the name of classes {classes} of '{Source}'", location,
            "say the number of the class in its place");
    }

    /// <summary>The names that are shown, in the order of their classes.</summary>
    private string Known() => string.Join(", ", _shown.OrderBy(s => s.Key).Select(s => s.Value));

    internal static DiagnosticException Wrong(string message, string source) => new(DataCodes.Classes, message, new(source),
        "a class list has a name a line, or 'index name' lines, or is JSON: [\"cat\", …] or {\"0\": \"cat\", …}");
}

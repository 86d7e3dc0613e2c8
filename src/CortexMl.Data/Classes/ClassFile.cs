using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Data.Classes;

/// <summary>
/// Reads the class lists that networks come with: a name a line (line 0 is class 0); <c>0 cat</c>, <c>0: cat</c>, <c>0,cat</c>; JSON
/// <c>["cat", …]</c>, <c>{"0": "cat"}</c>, <c>{"0": ["n02119789", "kit_fox"]}</c>, <c>{"cat": 0}</c>. A WordNet number in front of a name
/// (<c>n02119789 kit fox</c>) is a name of its own.
/// </summary>
public static partial class ClassFile
{
    /// <summary>
    /// The list that is given, else the file <c>classes.txt</c> in or beside the folder, or beside the data file; null where there is
    /// none.
    /// </summary>
    /// <exception cref="DiagnosticException">CML0815, and those of reading files.</exception>
    public static ClassList? Of(DataOptions options)
    {
        if (!options.HasClasses) return null;
        if (options.Classes is { } path) return Read(path);
        string data = Path.TrimEndingDirectorySeparator(Path.GetFullPath(options.Path));
        string?[] folders = [Directory.Exists(data) ? data : null, Path.GetDirectoryName(data)];
        var places = folders.OfType<string>().Select(folder => Path.Combine(folder, ClassList.FileName));
        return places.FirstOrDefault(File.Exists) is { } found ? Read(found) : null;
    }

    /// <exception cref="DiagnosticException">CML0815, and those of reading files.</exception>
    public static ClassList Read(string path) => Parse(InputFile.ReadAllText(path), InputFile.DisplayName(path));

    /// <param name="source">What messages call the text.</param>
    /// <exception cref="DiagnosticException">CML0815.</exception>
    public static ClassList Parse(string text, string source)
    {
        string start = text.TrimStart();
        if (!start.StartsWith('{') && !(start.StartsWith('[') && start.TrimEnd().EndsWith(']'))) return new(Lines(text, source), source);
        try
        {
            using var json = JsonDocument.Parse(text);
            return new([.. json.RootElement.ValueKind == JsonValueKind.Array
                ? Items(json.RootElement, source)
                : Members(json.RootElement, source)], source);
        }
        catch (JsonException error)
        {
            throw new DiagnosticException(
                DataCodes.Classes, $"the class list is no JSON: {JsonProblem.Of(error)}", JsonProblem.Place(source, error));
        }
    }

    private static IEnumerable<(int, string)> Lines(string text, string source)
    {
        string[] lines = [.. text.TrimEnd().ReplaceLineEndings("\n").Split('\n').Select(l => l.Trim())];
        var numbered = lines.Where(l => l.Length > 0).Select(l => IndexAndName().Match(l)).ToList();
        if (numbered.Count > 0 && numbered.All(m => m.Success) && numbered.DistinctBy(m => m.Groups[1].Value).Count() == numbered.Count)
            return numbered.SelectMany(m => Names(Index(m.Groups[1].Value, source), m.Groups[2].Value.Trim('\'', '"')));
        return lines.SelectMany((line, index) => line.Length == 0 ? [] : Names(index, line));
    }

    private static IEnumerable<(int, string)> Items(JsonElement list, string source) =>
        list.EnumerateArray().SelectMany((item, index) => Texts(item, source).SelectMany(name => Names(index, name)));

    private static IEnumerable<(int, string)> Members(JsonElement map, string source)
    {
        foreach (var member in map.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out int index))
                foreach (var named in Names(index, member.Name)) yield return named;
            else if (int.TryParse(member.Name, NumberStyles.None, CultureInfo.InvariantCulture, out int key))
                foreach (var named in Texts(member.Value, source).Reverse().SelectMany(name => Names(key, name))) yield return named;
            else throw ClassList.Wrong($"'{Printable.Name(member.Name)}' stands for no number of a class", source);
        }
    }

    private static IEnumerable<string> Texts(JsonElement item, string source) => item.ValueKind switch
    {
        JsonValueKind.String => [item.GetString()!],
        JsonValueKind.Array when item.EnumerateArray().All(i => i.ValueKind == JsonValueKind.String) =>
            [.. item.EnumerateArray().Select(i => i.GetString()!)],
        _ => throw ClassList.Wrong($"{Printable.Name(item.GetRawText())} is no name of a class", source),
    };

    private static IEnumerable<(int, string)> Names(int index, string line)
    {
        yield return (index, line);
        if (!WordNet().IsMatch(line)) yield break;
        yield return (index, line[..line.IndexOf(' ', StringComparison.Ordinal)]);
        yield return (index, line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim());
    }

    private static int Index(string digits, string source) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int index)
        ? index : throw ClassList.Wrong($"{Printable.Name(digits)} is too large for the number of a class", source);

    [GeneratedRegex(@"^(\d+)(?:\s*[:,=;]\s*|\s+)(\S.*)$", RegexOptions.CultureInvariant)]
    private static partial Regex IndexAndName();

    [GeneratedRegex(@"^n\d{8} +\S", RegexOptions.CultureInvariant)]
    private static partial Regex WordNet();
}

using System.Text.RegularExpressions;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>A file can be read on a screen: 140 columns, 300 lines.</summary>
public sealed partial class LayoutTests
{
    private const int Columns = 140, Lines = 300;

    /// <summary>A text of so many characters may make its line longer: messages are searched for as a whole.</summary>
    private const int LongText = 40;

    [Fact]
    public void No_line_is_longer_than_the_columns() => Assert.Empty(Sources().SelectMany(file =>
        Code(file).Where(line => line.Text.Length > Columns && !Texts().Matches(line.Text).Any(text => text.Length > LongText + 2))
            .Select(line => $"{file}:{line.Number}: {line.Text.Length} columns")));

    [Fact]
    public void No_file_is_longer_than_the_lines() => Assert.Empty(
        Sources().Select(file => (File: file, Count: Read(file).Length)).Where(f => f.Count > Lines + 1)
            .Select(f => $"{f.File}: {f.Count} lines"));

    [Fact]
    public void Namespaces_of_tests_follow_folders()
    {
        string[] tests = [.. Sources().Where(file => file.StartsWith("tests/CortexMl.Tests/", StringComparison.Ordinal))];
        Assert.NotEmpty(tests);
        Assert.Empty(tests.SelectMany(file => NamespaceOf().Matches(string.Join('\n', Read(file)))
            .Where(space => space.Groups["name"].Value != Folder(file) && !IsPlanted(space, file))
            .Select(space => $"{file}: {space.Groups["name"].Value}")));

        static string Folder(string file) => file["tests/".Length..file.LastIndexOf('/')].Replace('/', '.');

        // A file that is a folder of its own for a test: namespaces with braces.
        static bool IsPlanted(Match space, string file) =>
            space.Groups["end"].Value != ";" && space.Groups["name"].Value.StartsWith(Folder(file) + ".", StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var x = 1;\n", 0)]
    [InlineData("var text = \"\"\"\n    {0}\n    \"\"\";\n", 0)]
    [InlineData("call({0});\n", 1)]
    [InlineData("call(\"{0}\");\n", 0)]
    public void Long_lines_are_found_outside_texts(string source, int expected)
    {
        var lines = Outside(string.Format(System.Globalization.CultureInfo.InvariantCulture, source, new string('x', 150)).Split('\n'));
        Assert.Equal(expected, lines.Count(l => l.Text.Length > Columns && !Texts().Matches(l.Text).Any(t => t.Length > LongText + 2)));
    }

    private static IEnumerable<string> Sources() => Product.TextFiles().Where(file =>
        file.EndsWith(".cs", StringComparison.Ordinal) && !file.Contains("/Generated/", StringComparison.Ordinal));

    private static string[] Read(string file) => File.ReadAllText(Repository.Path(file.Split('/'))).ReplaceLineEndings("\n").Split('\n');

    private static IEnumerable<(int Number, string Text)> Code(string file) => Outside(Read(file));

    /// <summary>Lines that are no part of a raw text.</summary>
    private static IEnumerable<(int Number, string Text)> Outside(string[] lines)
    {
        bool isRaw = false;
        foreach (var (i, line) in lines.Index())
        {
            int quotes = RawQuotes().Count(line);
            if (!isRaw && quotes == 0) yield return (i + 1, line);
            if (quotes % 2 == 1) isRaw = !isRaw;
        }
    }

    [GeneratedRegex(""" "(?:[^"\\]|\\.)*" """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Texts();

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)(?<end>;?)$", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex("\"\"\"")]
    private static partial Regex RawQuotes();
}

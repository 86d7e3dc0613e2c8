using System.Text.RegularExpressions;
using System.Xml.Linq;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>
/// The pages that explain the rooms of the code (README.md below src and passes) say what is so: files and types that they name exist, the
/// packages of src/README.md are those of the projects, and whatever names the example of a touch list stands in it.
/// </summary>
public sealed partial class ArchitecturePageTests
{
    private const string Page = "src/README.md";

    private static readonly IReadOnlyList<string> s_files = Product.TextFiles();

    /// <summary>Text of every C# file, golden file and script, and its lines that are no comment.</summary>
    private static readonly Dictionary<string, (string Text, string Code)> s_code =
        s_files.Where(IsCode).ToDictionary(file => file, Read, StringComparer.Ordinal);

    /// <summary>The files that declare each type.</summary>
    private static readonly ILookup<string, string> s_types = s_code.Where(f => f.Key.EndsWith(".cs", StringComparison.Ordinal))
        .SelectMany(file => Declaration().Matches(file.Value.Code).Select(m => (Type: m.Groups["name"].Value, File: file.Key))).Distinct()
        .ToLookup(t => t.Type, t => t.File, StringComparer.Ordinal);

    public static TheoryData<string> Pages => [.. s_files.Where(f => f.EndsWith("/README.md", StringComparison.Ordinal) && IsOfProduct(f))];

    public static TheoryData<string> TouchLists => [.. Lists(Text(Page)).Select(list => list.Title)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void What_a_page_names_exists(string page) =>
        Assert.Equal("", string.Join(", ", Missing(Text(page), Path.GetDirectoryName(page)!)));

    [Theory]
    [MemberData(nameof(TouchLists))]
    public void Whatever_names_the_example_stands_in_the_touch_list(string title)
    {
        var list = Lists(Text(Page)).Single(l => l.Title == title);
        var counted = Counted().Match(list.Text);
        Assert.True(counted.Success, "it is counted on nothing");
        string folder = counted.Groups["folder"].Value;
        var listed = Names(list.Text).SelectMany(FilesOf).ToHashSet(StringComparer.Ordinal);
        foreach (string example in counted.Groups["name"].Captures.Select(c => c.Value))
        {
            string[] naming = [.. s_code.Where(f => IsBelow(folder, f.Key) && Word(example).IsMatch(f.Value.Code)).Select(f => f.Key)];
            Assert.NotEmpty(naming);
            Assert.Equal("", string.Join(", ", naming.Except(listed).Select(file => $"{example}: {file}")));
        }
    }

    /// <summary>Files of the product in the list's first table: alternatives (a or b) are one, tests and cases none.</summary>
    [Theory]
    [InlineData("A pass", 3)]
    [InlineData("An nn operator", 5)]
    [InlineData("A cvm operator", 4)]
    [InlineData("A CPU kernel", 2)]
    [InlineData("A frontend operator", 1)]
    public void A_touch_list_is_no_longer_than_it_says(string title, int most)
    {
        string text = Lists(Text(Page)).Single(l => l.Title == title).Text;
        Assert.Contains($"At most {most} file{(most == 1 ? "" : "s")}", text, StringComparison.Ordinal);
        var first = text.Split('\n').SkipWhile(line => !line.StartsWith('|')).TakeWhile(line => line.StartsWith('|')).Skip(2);
        int files = first.Select(line => line.Split('|')[1]).Sum(cell =>
            Names(cell).SelectMany(FilesOf).Count(IsOfProduct) - cell.Split(" or ").Length + 1);
        Assert.InRange(files, 1, most);
    }

    [Fact]
    public void There_is_a_touch_list_for_everything_that_is_often_added() => Assert.Equal(
        [
            "A pass", "An nn operator", "A cvm operator", "A CPU kernel", "A GPU kernel", "An engine", "A frontend operator", "A command",
            "A diagnostic",
        ],
        Lists(Text(Page)).Select(l => l.Title));

    [Fact]
    public void Packages_are_those_that_the_projects_name()
    {
        var told = Package().Matches(Text(Page)).Select(m => $"{m.Groups["name"].Value} {m.Groups["project"].Value}");
        var named = from file in s_files
                    where IsOfProduct(file) && file.EndsWith(".csproj", StringComparison.Ordinal)
                    from item in XDocument.Load(Repository.Path(file.Split('/'))).Descendants("PackageReference")
                    select $"{item.Attribute("Include")!.Value} {Path.GetFileNameWithoutExtension(file)}";
        Assert.Equal(named.Order(StringComparer.Ordinal), told.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("`PassTable.Factories` in `passes/PassTable.cs`, below `passes/Prepare`", "")]
    [InlineData("`Nowhere.cs` and `Program.cs`, of which there are several", "Nowhere.cs Program.cs")]
    [InlineData("`PassTable.Nothing`, `NoSuchType`, `src/CortexMl.Nowhere`", "PassTable.Nothing NoSuchType src/CortexMl.Nowhere")]
    public void A_name_that_nothing_bears_is_found(string text, string missing) =>
        Assert.Equal(missing, string.Join(' ', Missing(text, "src")));

    private static bool IsOfProduct(string file) => IsBelow("src/", file) || IsBelow("passes/", file);

    private static bool IsBelow(string folder, string file) => file.StartsWith(folder, StringComparison.Ordinal);

    private static bool IsCode(string file) =>
        !file.Contains("/Generated/", StringComparison.Ordinal) && Path.GetExtension(file) is (".cs" or ".cml" or ".py");

    private static string Text(string page) => File.ReadAllText(Repository.Path(page.Split('/')));

    private static (string Text, string Code) Read(string file)
    {
        string text = Text(file);
        return (text, string.Join('\n', text.Split('\n').Where(line => !line.TrimStart().StartsWith("//", StringComparison.Ordinal))));
    }

    /// <summary>What stands in backticks on a page, outside of blocks of code, and looks like a file, a folder or a type.</summary>
    private static IEnumerable<string> Names(string page) => Quoted().Matches(Fence().Replace(page, "")).Select(m => m.Groups["name"].Value)
        .Where(name => FileName().IsMatch(name) || FolderName().IsMatch(name) || TypeName().IsMatch(name)).Distinct(StringComparer.Ordinal);

    /// <summary>Of those the ones that nothing bears, or several files do; members need no type in a room that knows them.</summary>
    private static IEnumerable<string> Missing(string page, string room) => Names(page).Where(name => FileName().IsMatch(name)
        ? FilesOf(name).Count() != 1 : !(FolderName().IsMatch(name) && HasFiles(name)) && !IsDeclared(name) && !Knows(room, name));

    /// <summary>The files whose path ends with a name, or those that declare the type.</summary>
    private static IEnumerable<string> FilesOf(string name) => FileName().IsMatch(name)
        ? s_files.Where(f => f == name || f.EndsWith("/" + name, StringComparison.Ordinal)) : s_types[name.Split('.')[0]];

    private static bool HasFiles(string folder) => s_files.Any(f => $"/{f}".Contains($"/{folder}/", StringComparison.Ordinal));

    /// <summary>A type, or a member that a file of its type mentions.</summary>
    private static bool IsDeclared(string name) => name.Split('.') is [var type, .. var members]
        && s_types[type].Any(file => members.All(member => Word(member).IsMatch(s_code[file].Text)));

    private static bool Knows(string room, string name) => s_code.Any(f => IsBelow(room + "/", f.Key) && Word(name).IsMatch(f.Value.Code));

    private static Regex Word(string word) => new($@"(?<![\w-]){Regex.Escape(word)}(?![\w-])");

    private static IEnumerable<(string Title, string Text)> Lists(string page) =>
        page[page.IndexOf("## Touch lists\n", StringComparison.Ordinal)..].Split("\n### ").Skip(1).Select(l => (l.Split('\n')[0], l));

    [GeneratedRegex(@"\b(class|struct|interface|enum|record)\s+(?<name>[A-Z]\w*)|\bdelegate\s+[\w<>\[\], ?.]+\s+(?<name>[A-Z]\w*)\s*[(<]")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^Counted (in `(?<folder>[^`]+)` )?on( (and )?`(?<name>[^`]+)`( \(\w+\))?)+\.", RegexOptions.Multiline)]
    private static partial Regex Counted();

    [GeneratedRegex(@"^\| `(?<name>[\w.]+)` \| (?<project>CortexMl[\w.]*) \|", RegexOptions.Multiline)]
    private static partial Regex Package();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"`(?<name>[^`\n]+)`")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^[\w./-]+\.(cs|md|py|g4|proto|props|csproj)$|^[\w.-]+/[\w./-]+\.cml$")]
    private static partial Regex FileName();

    [GeneratedRegex(@"^(src|passes|tests|tools|golden|grammar|CortexMl\.\w+)(/[\w.]+)*$")]
    private static partial Regex FolderName();

    // Codes of diagnostics look like types; packages stand in a table of their own.
    [GeneratedRegex(@"^(?!CML\d|SkiaSharp|Antlr4|Google|Grpc|Microsoft|System\.|Nethereum|ILGPU|DiffPlex|Spectre)[A-Z]\w*(\.[A-Z]\w*)*$")]
    private static partial Regex TypeName();
}

using System.Text.RegularExpressions;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>
/// Code cites the texts that hang beside it, as <c>CortexMl.Cvm/SPECIFICATION.md §8.1</c> or <c>passes/Quantize/README.md §4</c>; a bare <c>§10</c> belongs to
/// the page that the same file named last. Every citation leads to a page of the repository and to a section of it.
/// </summary>
public sealed partial class CitationTests
{
    [Fact]
    public void Every_cited_section_exists()
    {
        var citations = Product.TextFiles().SelectMany(file => Citations(file, File.ReadAllText(Repository.Path(file.Split('/'))))).ToList();
        Assert.True(citations.Count > 100, $"only {citations.Count} citations were found");
        Assert.Empty(citations.Where(c => !Sections(c.Page).Contains(c.Section)).Select(c => $"{c.File}: {c.Page} §{c.Section}"));
    }

    [Theory]
    [InlineData("CortexMl.Cvm/SPECIFICATION.md §8.1, §10", "src/CortexMl.Cvm/SPECIFICATION.md", "8.1", "10")]
    [InlineData("passes/Quantize/README.md §4 and §5", "passes/Quantize/README.md", "4", "5")]
    public void A_section_belongs_to_the_page_named_before_it(string text, string page, string first, string second) =>
        Assert.Equal([("a.cs", page, first), ("a.cs", page, second)], Citations("a.cs", text));

    [Theory]
    [InlineData("§2 of no page", "", "2")]
    [InlineData("CortexMl.Nowhere/SPECIFICATION.md §1", "src/CortexMl.Nowhere/SPECIFICATION.md", "1")]
    [InlineData("CortexMl.Cvm/SPECIFICATION.md §77", "src/CortexMl.Cvm/SPECIFICATION.md", "77")]
    public void A_citation_that_leads_nowhere_is_found(string text, string page, string section)
    {
        Assert.Equal([("a.cs", page, section)], Citations("a.cs", text));
        Assert.DoesNotContain(section, Sections(page));
    }

    /// <summary>Code has to name a page first; on a page, a line cites the page itself until it names another one.</summary>
    private static IEnumerable<(string File, string Page, string Section)> Citations(string file, string text)
    {
        if (file.EndsWith("/CitationTests.cs", StringComparison.Ordinal)) yield break;
        bool isPage = file.EndsWith(".md", StringComparison.Ordinal);
        string page = isPage ? file : "";
        foreach (Match match in PageOrSection().Matches(text))
        {
            if (match.Value.StartsWith('\n')) page = isPage ? file : page;
            else if (match.Groups["page"] is { Success: true, Value: var named }) page = named.StartsWith("passes/", StringComparison.Ordinal) ? named : $"src/{named}";
            else yield return (file, page, match.Groups["section"].Value);
        }
    }

    private static HashSet<string> Sections(string page) => !File.Exists(Repository.Path(page.Split('/')))
        ? []
        : [.. Heading().Matches(File.ReadAllText(Repository.Path(page.Split('/')))).Select(m => m.Groups["section"].Value)];

    [GeneratedRegex(@"(?<page>(CortexMl\.\w+|passes/\w+)/(SPECIFICATION|README)\.md)|§ ?(?<section>\d+(\.\d+)?)|\n")]
    private static partial Regex PageOrSection();

    [GeneratedRegex(@"^##+ (?<section>\d+(\.\d+)?)\.? ", RegexOptions.Multiline)]
    private static partial Regex Heading();
}

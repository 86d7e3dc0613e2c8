using System.Text.RegularExpressions;
using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Architecture;

/// <summary>
/// Code cites the texts that hang beside it, as <c>CortexMl.Cvm/SPECIFICATION.md §8.1</c> or <c>passes/Quantize/README.md §4</c>; a bare
/// <c>§10</c> belongs to the page that the same file named last. Every citation leads to a page of the repository and to a section of it;
/// every link of a page leads to a file or folder of the repository, and where it has an anchor to a heading.
/// </summary>
public sealed partial class CitationTests
{
    [Fact]
    public void Every_cited_section_exists()
    {
        var citations =
            Product.TextFiles().SelectMany(file => Citations(file, File.ReadAllText(Repository.Path(file.Split('/'))))).ToList();
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

    [Fact]
    public void Links_of_pages_lead_to_files_and_headings()
    {
        var links = (from page in Product.TextFiles(".md")
                     from target in Links(File.ReadAllText(Repository.Path(page.Split('/'))))
                     select (Page: page, Target: target)).ToList();
        Assert.Contains(("README.md", "src/README.md"), links);
        Assert.Contains(links, link => link.Target.StartsWith('#'));
        Assert.Empty(links.Where(link => !Leads(link.Page, link.Target)).Select(link => $"{link.Page}: {link.Target}"));
    }

    [Theory]
    [InlineData("../README.md#quick-start", true)]
    [InlineData("CortexMl.Cvm", true)]
    [InlineData("#touch-lists", true)]
    [InlineData("#a-pass-of-nobody", false)]
    [InlineData("../README.md#the-ox", false)]
    [InlineData("nowhere/README.md", false)]
    public void A_link_leads_to_what_is_there(string target, bool leads) => Assert.Equal(leads, Leads("src/README.md", target));

    [Fact]
    public void Links_in_code_are_none() =>
        Assert.Equal(["a.md", "b.md#c"], Links("[x](a.md) `[y](no.md)`\n```\nmodel[0](x)\n```\n[`z`](b.md#c)"));

    [Fact]
    public void Headings_have_the_anchors_of_their_words() => Assert.Equal(
        ["4-requantization-a-rule", "the-cvm-bit-for-bit"],
        Anchors("## 4. Requantization: a `rule`\ntext\n```\n# comment\n```\n### The CVM, bit for bit\n").Order());

    /// <summary>Whether a link of a page leads somewhere.</summary>
    private static bool Leads(string page, string target)
    {
        string[] parts = target.Split('#', 2);
        string path = parts[0].Length == 0 ? Repository.Path(page.Split('/'))
            : Path.Combine(Repository.Root, Path.GetDirectoryName(page)!, parts[0]);
        return parts.Length == 1 ? Path.Exists(path) : File.Exists(path) && Anchors(File.ReadAllText(path)).Contains(parts[1]);
    }

    private static IEnumerable<string> Links(string page) =>
        Link().Matches(Code().Replace(page, "")).Select(match => match.Groups["target"].Value);

    /// <summary>A heading's words in lower case, with hyphens between them and without other marks.</summary>
    private static HashSet<string> Anchors(string page) => [.. Title().Matches(Fence().Replace(page, "")).Select(match =>
        Mark().Replace(match.Groups["title"].Value.ToLowerInvariant(), "").Replace(' ', '-'))];

    /// <summary>Code has to name a page first; on a page, a line cites the page itself until it names another one.</summary>
    private static IEnumerable<(string File, string Page, string Section)> Citations(string file, string text)
    {
        if (file.EndsWith("/CitationTests.cs", StringComparison.Ordinal)) yield break;
        bool isPage = file.EndsWith(".md", StringComparison.Ordinal);
        string page = isPage ? file : "";
        foreach (Match match in PageOrSection().Matches(text))
        {
            if (match.Value.StartsWith('\n')) page = isPage ? file : page;
            else if (match.Groups["page"] is { Success: true, Value: var named })
                page = named.StartsWith("passes/", StringComparison.Ordinal) ? named : $"src/{named}";
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

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"^```.*?^```|`[^`\n]*`", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex(@"^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex(@"^#+ (?<title>.*)$", RegexOptions.Multiline)]
    private static partial Regex Title();

    [GeneratedRegex(@"[^\p{L}\p{Nd} _-]")]
    private static partial Regex Mark();
}

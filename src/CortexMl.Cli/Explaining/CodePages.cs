using System.Text;

namespace CortexMl.Cli.Explaining;

/// <summary>An example that shows a diagnostic: files, and a command that runs beside them.</summary>
/// <param name="Files">Name and text of each.</param>
/// <param name="Words">Of the command line, behind <c>cortexml</c>.</param>
internal sealed record CodeExample(IReadOnlyList<(string Name, string Text)> Files, IReadOnlyList<string> Words);

/// <summary>What there is to say about a diagnostic code.</summary>
/// <param name="What">It means, in a sentence or two.</param>
/// <param name="Text">The whole page, for people.</param>
/// <param name="Example">Null where none fits in a few lines.</param>
internal sealed record CodePage(string Code, string What, string Text, CodeExample? Example);

//  ## CML0302                                     a page for each code, what first, then
//  An operator that no row of the table has.      Why: and Do:
//  Why: a misspelling, …
//  Do: `cortexml ops` lists the rows …
//
//      > net.cml                                  files of the example, the lines below are their text
//      graph …
//      $ cortexml opt net.cml                     and its command
/// <summary>The pages of all codes: Explaining/*.md, one file for each range.</summary>
internal static class CodePages
{
    private const string Folder = "Explaining/", Heading = "## ", Indent = "    ", FileMark = "> ", CommandMark = "$ cortexml ";

    /// <summary>In the order of the codes.</summary>
    public static IReadOnlyList<CodePage> All { get; } = [.. Read().OrderBy(p => p.Code, StringComparer.Ordinal)];

    private static IEnumerable<CodePage> Read()
    {
        var assembly = typeof(CodePages).Assembly;
        foreach (string name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Folder, StringComparison.Ordinal)))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            string text = "\n" + reader.ReadToEnd().ReplaceLineEndings("\n");
            foreach (string page in text.Split("\n" + Heading).Skip(1)) yield return Page(page.TrimEnd('\n'));
        }
    }

    private static CodePage Page(string text)
    {
        string[] lines = text.Split('\n');
        return new(lines[0].Trim(), lines[1], string.Join('\n', lines.Skip(1)) + "\n", Example(lines));
    }

    private static CodeExample? Example(IReadOnlyList<string> lines)
    {
        List<(string Name, List<string> Lines)> files = [];
        string[]? words = null;
        foreach (string line in lines.Where(l => l.StartsWith(Indent, StringComparison.Ordinal)).Select(l => l[Indent.Length..]))
        {
            if (line.StartsWith(FileMark, StringComparison.Ordinal)) files.Add((line[FileMark.Length..], []));
            else if (line.StartsWith(CommandMark, StringComparison.Ordinal)) words = line[CommandMark.Length..].Split(' ');
            else files[^1].Lines.Add(line);
        }
        return words is null ? null : new([.. files.Select(f => (f.Name, string.Join('\n', f.Lines)))], words);
    }
}

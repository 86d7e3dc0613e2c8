using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Golden;

/// <summary>
/// A golden file: a first line <c>//! opt --passes=…</c> that says what to run, an input, a line <c>//=</c>, the expected output; further
/// cases start with <c>//-  title</c> and may have a <c>//!</c> line of their own. A file that starts with <c>//! input</c> is what other
/// tests read: it has no cases.
/// </summary>
public sealed class GoldenFile
{
    private const string RunMark = "//!", TitleMark = "//-", SplitMark = "//=";

    /// <summary>The word behind <see cref="RunMark"/> of a file that is no test.</summary>
    private const string InputWord = "input";

    private GoldenFile(string path, IReadOnlyList<GoldenCase> cases)
    {
        Path = path;
        Cases = cases;
    }

    public string Path { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    /// <exception cref="DiagnosticException">
    /// CML0102: the file cannot be read. All at once: CML0910 the first line does not say what to run, or a line that does stands within
    /// a case; CML0911 a quote that is not closed; CML0913 a case without input.
    /// </exception>
    public static GoldenFile Read(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        string[] lines = InputFile.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        if (!lines[0].StartsWith(RunMark, StringComparison.Ordinal))
        {
            throw new DiagnosticException(
                GoldenCodes.NoCommand, "the first line of a golden file says what to run", new SourceLocation(name, 1, 1),
                $"for example //! opt --passes=canonicalize; a file that other tests read says //! {InputWord}");
        }
        if (lines[0][RunMark.Length..].Trim() == InputWord) return new GoldenFile(path, []);
        var problems = new DiagnosticBag();
        var cases = new List<GoldenCase>();
        IReadOnlyList<string> command = [];
        for (int start = 0; start < lines.Length;)
        {
            int end = Array.FindIndex(lines, start + 1, l => l.StartsWith(TitleMark, StringComparison.Ordinal));
            if (end < 0) end = lines.Length;
            var read = Case(lines[start..end], new SourceLocation(name, start + 1, 1), command, problems);
            command = read.Command;
            cases.Add(read);
            start = end;
        }
        problems.ThrowIfErrors();
        return new GoldenFile(path, cases);
    }

    /// <summary>The text of the file with these outputs in place of the expected ones.</summary>
    public string With(IReadOnlyList<string> outputs)
    {
        var text = new StringBuilder();
        for (int i = 0; i < Cases.Count; i++)
        {
            foreach (string line in Cases[i].Head) text.Append(line).Append('\n');
            text.Append(SplitMark).Append('\n');
            if (outputs[i].Length > 0) text.Append(outputs[i]).Append('\n');
        }
        return text.ToString();
    }

    private static GoldenCase Case(string[] lines, SourceLocation at, IReadOnlyList<string> inherited, DiagnosticBag problems)
    {
        string title = lines[0].StartsWith(TitleMark, StringComparison.Ordinal) ? lines[0][TitleMark.Length..].Trim() : "";
        int next = lines[0].StartsWith(TitleMark, StringComparison.Ordinal) ? 1 : 0;
        var command = inherited;
        if (next < lines.Length && lines[next].StartsWith(RunMark, StringComparison.Ordinal)) command = Words(lines[next++], at, problems);
        int split = Array.FindIndex(lines, l => l.TrimEnd() == SplitMark);
        string[] head = split < 0 ? lines : lines[..split];
        if (split < 0) head = head[..(Array.FindLastIndex(head, l => l.Length > 0) + 1)];
        string input = string.Concat(head[Math.Min(next, head.Length)..].Select(l => l + "\n"));
        CheckInput(head, next, at, problems);
        string? expected = split < 0 ? null : string.Join('\n', lines[(split + 1)..]).TrimEnd('\n');
        return new GoldenCase(title, at.Line, command, head, input, expected);
    }

    private static IReadOnlyList<string> Words(string line, SourceLocation at, DiagnosticBag problems)
    {
        try
        {
            return CommandLineText.Words(line[RunMark.Length..]);
        }
        catch (DiagnosticException error)
        {
            problems.AddRange(error.Diagnostics.Select(d => d with { Location = at }));
            return [];
        }
    }

    /// <summary>Blank lines and comments are no input: whatever ran on them would pass.</summary>
    private static void CheckInput(string[] head, int from, SourceLocation at, DiagnosticBag problems)
    {
        var lines = head[Math.Min(from, head.Length)..];
        int late = Array.FindIndex(lines, l => l.StartsWith(RunMark, StringComparison.Ordinal));
        if (late >= 0)
            problems.Error(GoldenCodes.NoCommand, $"a line {RunMark} that says what to run stands first in its case",
                at with { Line = at.Line + from + late },
                "move it up, below the title");
        else if (lines.All(l => l.Trim() is "" || l.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            problems.Error(GoldenCodes.NoInput, "the case has no input", at,
                $"write the graph between the title and {SplitMark}, or take the case out");
    }
}

/// <summary>One case of a golden file: what to run, what to feed it, and exactly what must come out.</summary>
/// <param name="Title">What stands behind <c>//-</c>; empty for the first case.</param>
/// <param name="Line">1-based line of the file at which the case starts.</param>
/// <param name="Command">The words of the <c>//!</c> line that holds for this case.</param>
/// <param name="Head">
/// The lines of the case before its separator as they stand in the file, <c>//-</c> and <c>//!</c> lines included.
/// </param>
/// <param name="Input">The lines between the head's directives and the separator <c>//=</c>.</param>
/// <param name="Expected">What must come out, without line breaks at the end; null where the file has no separator yet.</param>
public sealed record GoldenCase(
    string Title, int Line, IReadOnlyList<string> Command, IReadOnlyList<string> Head, string Input, string? Expected);

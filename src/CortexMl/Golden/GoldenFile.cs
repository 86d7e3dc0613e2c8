using System.Text;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Golden;

/// <summary>
/// A golden file: a first line <c>//! opt --passes=…</c> that says what to run, an input, a line <c>//=</c>, the expected output; further cases start
/// with <c>//-  title</c> and may have a <c>//!</c> line of their own.
/// </summary>
public sealed class GoldenFile
{
    private const string RunMark = "//!", TitleMark = "//-", SplitMark = "//=";

    private GoldenFile(string path, IReadOnlyList<GoldenCase> cases)
    {
        Path = path;
        Cases = cases;
    }

    public string Path { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    /// <exception cref="DiagnosticException">CML0910: the first line does not say what to run; CML0102: the file cannot be read.</exception>
    public static GoldenFile Read(string path)
    {
        string name = System.IO.Path.GetFileName(path);
        string[] lines;
        try
        {
            lines = File.ReadAllText(path).ReplaceLineEndings("\n").Split('\n');
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, error.Message, new SourceLocation(name));
        }
        if (!lines[0].StartsWith(RunMark, StringComparison.Ordinal))
        {
            throw new DiagnosticException(
                GoldenCodes.NoCommand, "the first line of a golden file says what to run", new SourceLocation(name, 1, 1), "//! opt --passes=canonicalize");
        }
        var cases = new List<GoldenCase>();
        IReadOnlyList<string> command = [];
        for (int start = 0; start < lines.Length;)
        {
            int end = Array.FindIndex(lines, start + 1, l => l.StartsWith(TitleMark, StringComparison.Ordinal));
            if (end < 0) end = lines.Length;
            var read = Case(lines[start..end], start + 1, command);
            command = read.Command;
            cases.Add(read);
            start = end;
        }
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

    private static GoldenCase Case(string[] lines, int at, IReadOnlyList<string> inherited)
    {
        string title = lines[0].StartsWith(TitleMark, StringComparison.Ordinal) ? lines[0][TitleMark.Length..].Trim() : "";
        int next = lines[0].StartsWith(TitleMark, StringComparison.Ordinal) ? 1 : 0;
        var command = inherited;
        if (next < lines.Length && lines[next].StartsWith(RunMark, StringComparison.Ordinal)) command = CommandLineText.Words(lines[next++][RunMark.Length..]);
        int split = Array.FindIndex(lines, l => l.TrimEnd() == SplitMark);
        string[] head = split < 0 ? lines : lines[..split];
        if (split < 0) head = head[..(Array.FindLastIndex(head, l => l.Length > 0) + 1)];
        string input = string.Concat(head[Math.Min(next, head.Length)..].Select(l => l + "\n"));
        string? expected = split < 0 ? null : string.Join('\n', lines[(split + 1)..]).TrimEnd('\n');
        return new GoldenCase(title, at, command, head, input, expected);
    }
}

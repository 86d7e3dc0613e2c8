using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Golden;

/// <summary>
/// A golden file: a first line <c>//! opt --passes=…</c> that says what to run, an input, a line <c>//=</c>, the expected output; further
/// cases start with <c>//-  title</c> and may have a <c>//!</c> line of their own. Lines <c>//?</c> are checks, beside the expected output
/// or in place of it. A file that starts with <c>//! input</c> is what other tests read: it has no cases.
/// </summary>
public sealed class GoldenFile
{
    private const string RunMark = "//!", TitleMark = "//-", SplitMark = "//=";

    /// <summary>The word behind <see cref="RunMark"/> of a file that is no test.</summary>
    private const string InputWord = "input";

    private readonly GoldenLines _lines;

    private GoldenFile(string path, GoldenLines lines, IReadOnlyList<GoldenCase> cases) => (Path, _lines, Cases) = (path, lines, cases);

    public string Path { get; }

    public IReadOnlyList<GoldenCase> Cases { get; }

    /// <param name="needsInput">Whether the words of a <c>//!</c> line run on a text; null where all do.</param>
    /// <exception cref="DiagnosticException">
    /// CML0102: the file cannot be read. All at once: CML0910 the first line does not say what to run, or a line that does stands within
    /// a case; CML0911 a quote that is not closed; CML0913 a case without input; CML0915 a title that returns; CML0916 a check that there
    /// is not.
    /// </exception>
    public static GoldenFile Read(string path, Func<IReadOnlyList<string>, bool>? needsInput = null)
    {
        string name = System.IO.Path.GetFileName(path);
        var file = GoldenLines.Of(InputFile.ReadAllBytes(path));
        var lines = file.Lines;
        if (!lines[0].StartsWith(RunMark, StringComparison.Ordinal))
        {
            throw new DiagnosticException(
                GoldenCodes.NoCommand, "the first line of a golden file says what to run", new SourceLocation(name, 1, 1),
                $"for example //! opt --passes=canonicalize; a file that other tests read says //! {InputWord}");
        }
        if (lines[0][RunMark.Length..].Trim() == InputWord) return new GoldenFile(path, file, []);
        var (problems, cases) = (new DiagnosticBag(), new List<GoldenCase>());
        IReadOnlyList<string> command = [];
        for (int start = 0; start < lines.Count;)
        {
            int end = Enumerable.Range(start + 1, lines.Count - start - 1).FirstOrDefault(i => IsTitle(lines[i]), lines.Count);
            cases.Add(Case(lines, start, end, new SourceLocation(name, start + 1, 1), command, needsInput, problems));
            command = cases[^1].Command;
            start = end;
        }
        foreach (var twice in cases.GroupBy(c => c.Title, StringComparer.Ordinal).Where(same => same.Count() > 1))
            foreach (var later in twice.Skip(1))
                problems.Error(GoldenCodes.DuplicateTitle,
                    twice.Key.Length > 0 ? $"two cases have the title '{twice.Key}'" : "two cases have no title",
                    new SourceLocation(name, later.Line, 1), $"the other one starts at line {Numerics.Numbers.Format(twice.First().Line)}");
        problems.ThrowIfErrors();
        return new GoldenFile(path, file, cases);
    }

    /// <summary>The text of the file with other outputs and answers; whatever they do not concern stays as it is.</summary>
    /// <param name="blessed">By the number of the case.</param>
    internal byte[] With(IReadOnlyDictionary<int, GoldenOutcome> blessed)
    {
        var text = new GoldenLines.Editor(_lines);
        for (int i = 0; i < Cases.Count; i++)
        {
            var test = Cases[i];
            if (!blessed.TryGetValue(i, out var outcome))
            {
                text.Keep(test.Line - 1, test.End);
                continue;
            }
            int head = test.Split ?? Enumerable.Range(test.Line - 1, test.End - test.Line + 1).Last(l => _lines.Lines[l].Length > 0) + 1;
            Lines(test.Line - 1, head, outcome);
            if (outcome.Text is { } output)
            {
                text.Add(SplitMark);
                foreach (string line in output.Length > 0 ? output.Split('\n') : []) text.Add(line);
                var checks = Enumerable.Range(head, test.End - head).Where(l => GoldenCheck.IsCheck(_lines.Lines[l])).ToList();
                foreach (int line in checks) Lines(line, line + 1, outcome);
                text.Keep(Blank(head, test.End), test.End);
            }
            else Lines(head, test.End, outcome);
        }
        return text.Bytes();

        void Lines(int from, int to, GoldenOutcome outcome)
        {
            for (int line = from; line < to; line++)
                if (outcome.Answers.TryGetValue(line + 1, out string? answer)) text.Add(answer);
                else text.Keep(line, line + 1);
        }
    }

    /// <summary>The first of the blank lines at an end.</summary>
    private int Blank(int from, int end)
    {
        while (end > from && _lines.Lines[end - 1].Length == 0) end--;
        return end;
    }

    /// <summary>A line of the file as it stands there.</summary>
    internal string LineAt(int number) => _lines.Lines[number - 1];

    private static bool IsTitle(string line) => line.StartsWith(TitleMark, StringComparison.Ordinal);

    private static GoldenCase Case(
        IReadOnlyList<string> all, int start, int end, SourceLocation at, IReadOnlyList<string> inherited,
        Func<IReadOnlyList<string>, bool>? needsInput, DiagnosticBag problems)
    {
        string[] lines = [.. all.Skip(start).Take(end - start)];
        string title = IsTitle(lines[0]) ? lines[0][TitleMark.Length..].Trim() : "";
        int next = IsTitle(lines[0]) ? 1 : 0;
        var command = inherited;
        if (next < lines.Length && lines[next].StartsWith(RunMark, StringComparison.Ordinal))
        {
            string words = lines[next++][RunMark.Length..];
            command = [];
            Collect(problems, at, () => command = CommandLineText.Words(words));
        }
        int split = Array.FindIndex(lines, l => l.TrimEnd() == SplitMark);
        string[] head = split < 0 ? lines : lines[..split];
        var checks = new List<GoldenCheck>();
        foreach (var (i, line) in lines.Index().Where(l => GoldenCheck.IsCheck(l.Item)))
        {
            var here = at with { Line = start + i + 1 };
            Collect(problems, here, () => checks.Add(GoldenCheck.Parse(line, here)));
        }
        CheckInput(head, next, at, needsInput?.Invoke(command) ?? true, problems);
        string input = string.Concat(head[Math.Min(next, head.Length)..].Select(l => l + "\n"));
        string? expected = split < 0 ? null
            : string.Join('\n', lines[(split + 1)..].Where(l => !GoldenCheck.IsCheck(l))).TrimEnd('\n');
        return new GoldenCase(title, start + 1, command, input, expected)
        {
            Checks = checks, Split = split < 0 ? null : start + split, End = end,
        };
    }

    /// <summary>Takes up what is wrong, at a line.</summary>
    private static void Collect(DiagnosticBag problems, SourceLocation at, Action action)
    {
        try
        {
            action();
        }
        catch (DiagnosticException error)
        {
            problems.AddRange(error.Diagnostics.Select(d => d with { Location = at }));
        }
    }

    /// <summary>Blank lines and comments are no input: whatever ran on them would pass.</summary>
    private static void CheckInput(string[] head, int from, SourceLocation at, bool isNeeded, DiagnosticBag problems)
    {
        var lines = head[Math.Min(from, head.Length)..];
        int late = Array.FindIndex(lines, l => l.StartsWith(RunMark, StringComparison.Ordinal));
        if (late >= 0)
            problems.Error(GoldenCodes.NoCommand, $"a line {RunMark} that says what to run stands first in its case",
                at with { Line = at.Line + from + late },
                "move it up, below the title");
        else if (isNeeded && lines.All(l => l.Trim() is "" || l.TrimStart().StartsWith("//", StringComparison.Ordinal)))
            problems.Error(GoldenCodes.NoInput, "the case has no input", at,
                $"write the graph between the title and {SplitMark}, or take the case out");
    }
}

/// <summary>One case of a golden file: what to run, what to feed it, and exactly what must come out.</summary>
/// <param name="Title">What stands behind <c>//-</c>; empty for the first case.</param>
/// <param name="Line">1-based line of the file at which the case starts.</param>
/// <param name="Command">The words of the <c>//!</c> line that holds for this case.</param>
/// <param name="Input">The lines between the head's directives and the separator <c>//=</c>.</param>
/// <param name="Expected">What must come out, without line breaks at the end; null where the file has no separator.</param>
public sealed record GoldenCase(string Title, int Line, IReadOnlyList<string> Command, string Input, string? Expected)
{
    /// <summary>Its <c>//?</c> lines, before and behind the separator.</summary>
    public IReadOnlyList<GoldenCheck> Checks { get; init; } = [];

    /// <summary>Whether it says that it expects an error: by a check, or by the text that it has.</summary>
    public bool ExpectsError =>
        Checks.Any(c => c is { Kind: GoldenCheckKind.Diagnostic, Severity: Severity.Error })
        || (Expected ?? "").Split('\n').Any(line => line.StartsWith("error CML", StringComparison.Ordinal));

    /// <summary>Index of the separator's line in the file; null where there is none.</summary>
    internal int? Split { get; init; }

    /// <summary>Index of the line behind its last one.</summary>
    internal int End { get; init; }
}

/// <summary>What is written into a case when it is blessed.</summary>
/// <param name="Text">In place of the expected text; null where it stays.</param>
/// <param name="Answers">Whole <c>//? run</c> lines by their 1-based line.</param>
internal sealed record GoldenOutcome(string? Text, IReadOnlyDictionary<int, string> Answers);

using System.Collections.Concurrent;
using System.Diagnostics;
using CortexMl.Diagnostics;
using CortexMl.Files;
using DiffPlex.Renderer;

namespace CortexMl.Golden;

/// <summary>What golden files can run.</summary>
public interface IGoldenCommands
{
    /// <summary>Whether the words of a <c>//!</c> line name a command with options that it has.</summary>
    /// <exception cref="DiagnosticException">CML0911.</exception>
    void Check(IReadOnlyList<string> words);

    /// <summary>Whether the command runs on the text of the case; else the words say on what.</summary>
    bool NeedsInput(IReadOnlyList<string> words) => true;

    /// <summary>Runs a case. Mistakes in it are no exceptions: they are what came out.</summary>
    GoldenOutput Run(GoldenInput input);
}

/// <summary>What a command runs on.</summary>
/// <param name="Words">The command and its options: <c>opt</c>, <c>--passes=canonicalize</c>.</param>
/// <param name="Text">What the command reads in place of a file.</param>
/// <param name="Folder">Folder of the golden file, against which paths of the command line stand.</param>
/// <param name="Calls">Of <c>//? run</c> lines: <c>@f([1, -2])</c>.</param>
public sealed record GoldenInput(IReadOnlyList<string> Words, string Text, string Folder, IReadOnlyList<string> Calls);

/// <summary>What came out.</summary>
/// <param name="Text">Standard output, then the diagnostics, as a user would see them.</param>
/// <param name="Diagnostics">The same one by one.</param>
public sealed record GoldenOutput(string Text, IReadOnlyList<Diagnostic> Diagnostics)
{
    /// <summary>The answers to the calls, in their order; fewer where an error came before.</summary>
    public IReadOnlyList<string> Answers { get; init; } = [];

    /// <summary>Files of the result that are compared byte by byte with files beside the case, by path below its folder.</summary>
    public IReadOnlyList<(string Path, byte[] Bytes)> Snapshots { get; init; } = [];

    public bool HasErrors => Diagnostics.Any(d => d.Severity == Severity.Error);
}

/// <summary>A case to run, or a file that is broken, which is one case that fails.</summary>
/// <param name="Path">Path of its file as it was given or found.</param>
public sealed record GoldenTest(string Path, int Line, string Title)
{
    /// <summary>How a command line names the case: <c>golden/x.cml#title</c>.</summary>
    public string Id => Title.Length > 0 ? $"{Path}#{Title}" : Index >= 0 ? $"{Path}#{Numerics.Numbers.Format(Index + 1)}" : Path;

    /// <summary>Why the file cannot be run; empty for a case.</summary>
    public IReadOnlyList<Diagnostic> Problems { get; init; } = [];

    internal GoldenFile? File { get; init; }

    /// <summary>Of the case in its file.</summary>
    internal int Index { get; init; } = -1;

    internal GoldenCase Case => File!.Cases[Index];

    public override string ToString() => Title.Length == 0 ? $"{Path}:{Numerics.Numbers.Format(Line)}"
        : $"{Path}:{Numerics.Numbers.Format(Line)}: {Title}";
}

/// <summary>What became of one case.</summary>
/// <param name="Expected">The text of the case; null where it has checks alone.</param>
/// <param name="Actual">What came out.</param>
/// <param name="Difference">Unified diff from expected to actual and every check that does not hold; empty where all is well.</param>
public sealed record GoldenResult(GoldenTest Test, string? Expected, string Actual, string Difference)
{
    /// <summary>Whether the file was rewritten with what came out.</summary>
    public bool Blessed { get; init; }

    public TimeSpan Time { get; init; }

    public bool Passed => Blessed || Difference.Length == 0;

    /// <summary>What is written when it is blessed; null where nothing may be.</summary>
    internal GoldenOutcome? Outcome { get; init; }

    internal IReadOnlyList<(string Path, byte[] Bytes)> Snapshots { get; init; } = [];

    /// <summary>The failure as it is shown: the case, the difference, and how to accept it; the name alone where it passed.</summary>
    public override string ToString() => Passed ? Test.ToString()
        : Outcome is null ? $"{Test}\n{Difference}"
        : $"{Test}\n{Difference}\nif the new output is right: cortexml test {Test.Path} --bless";
}

/// <summary>File tests: each case's output must be, character by character, what its file says, and its checks must hold.</summary>
/// <example><code>
/// var commands = new GoldenCommands();
/// foreach (var test in GoldenRunner.Discover(["golden"], null, commands, notes))
///     Assert.True(GoldenRunner.Run(test, commands) is { Passed: true } result, result.ToString());
/// </code></example>
public static class GoldenRunner
{
    /// <summary>All cases of these paths, in the order of the files; each file that cannot be read is one, with what is wrong.</summary>
    /// <param name="paths">Files, or folders: see <see cref="GoldenFolders.Files"/>.</param>
    /// <param name="filter">Only cases whose file or title contains this; null for all.</param>
    /// <param name="notes">Gets what is left out.</param>
    /// <exception cref="DiagnosticException">CML0101 a path that does not exist; CML0912 nothing to run.</exception>
    public static IReadOnlyList<GoldenTest> Discover(
        IEnumerable<string> paths, string? filter, IGoldenCommands commands, DiagnosticBag notes)
    {
        string[] files = [.. paths.SelectMany(path => GoldenFolders.Files(path, notes)).Distinct(StringComparer.Ordinal)];
        List<GoldenTest> all = [.. files.SelectMany(file => Cases(file, commands, notes))];
        if (all.Count == 0)
            throw new DiagnosticException(GoldenCodes.NoCases, "there is no case to run: all files are inputs of other tests");
        List<GoldenTest> chosen = [.. all.Where(test => filter is null || IsMeant(test, filter))];
        return chosen.Count > 0 ? chosen
            : throw new DiagnosticException(GoldenCodes.NoCases,
                $"none of {Counted.Of(all.Count, "case")} in {Counted.Of(files.Length, "file")} has '{filter}' in its file or title");
    }

    /// <summary>The case that <c>FILE#case</c> names: by its title, by a part of it that no other has, or by its number from 1.</summary>
    /// <exception cref="DiagnosticException">What is wrong with the file; CML0912 no such case.</exception>
    public static GoldenCase Find(string path, string name, IGoldenCommands commands)
    {
        var cases = GoldenFile.Read(path, commands.NeedsInput).Cases;
        if (cases.FirstOrDefault(c => c.Title == name) is { } same) return same;
        if (int.TryParse(name, System.Globalization.CultureInfo.InvariantCulture, out int number) && number > 0 && number <= cases.Count)
            return cases[number - 1];
        return cases.Where(c => c.Title.Contains(name, StringComparison.OrdinalIgnoreCase)).ToList() is [var only] ? only
            : throw new DiagnosticException(GoldenCodes.NoCases, $"no case of {Counted.Of(cases.Count, "case")} is '{name}'",
                new SourceLocation(InputFile.DisplayName(path)),
                Nearest.Hint(name, cases.Select(c => c.Title)) ?? "name it by its title or its number");
    }

    /// <summary>Runs one case. Nothing is written.</summary>
    public static GoldenResult Run(GoldenTest test, IGoldenCommands commands)
    {
        if (test.Problems.Count > 0) return new(test, null, "", string.Join('\n', test.Problems));
        var (given, start) = (test.Case, Stopwatch.GetTimestamp());
        string folder = Path.GetDirectoryName(Path.GetFullPath(test.Path))!;
        List<GoldenCheck> calls = [.. given.Checks.Where(c => c.Kind == GoldenCheckKind.Run)];
        var output = commands.Run(new GoldenInput(given.Command, given.Input, folder, [.. calls.Select(c => c.Text)]));
        var judged = Judge(test, output, calls, folder);
        return judged with { Time = Stopwatch.GetElapsedTime(start) };
    }

    /// <summary>Runs many, several at a time; the results stand in the order of the cases.</summary>
    /// <param name="bless">Rewrites what is expected with what comes out.</param>
    /// <param name="jobs">At a time; 0 for as many as the machine has cores.</param>
    /// <param name="cancellation">Ends it: looked at before each case; nothing is rewritten then.</param>
    /// <exception cref="OperationCanceledException">By <paramref name="cancellation"/>.</exception>
    public static IReadOnlyList<GoldenResult> Run(
        IReadOnlyList<GoldenTest> tests, IGoldenCommands commands, bool bless = false, int jobs = 0,
        CancellationToken cancellation = default)
    {
        var results = new GoldenResult[tests.Count];
        Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, tests.Count), EnumerablePartitionerOptions.NoBuffering),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = jobs > 0 ? jobs : Environment.ProcessorCount, CancellationToken = cancellation,
            },
            i => results[i] = Run(tests[i], commands));
        return bless ? [.. results.GroupBy(r => r.Test.Path, StringComparer.Ordinal).SelectMany(Bless)] : results;
    }

    private static IEnumerable<GoldenResult> Bless(IEnumerable<GoldenResult> ofFile)
    {
        var results = ofFile.Select(r => r with { Blessed = !r.Passed && r.Outcome is not null }).ToList();
        var blessed = results.Where(r => r.Blessed).ToDictionary(r => r.Test.Index, r => r.Outcome!);
        if (blessed.Count > 0)
        {
            byte[] text = results[0].Test.File!.With(blessed);
            AtomicFile.Write(results[0].Test.Path, stream => stream.Write(text));
        }
        foreach (var (path, bytes) in results.Where(r => r.Blessed).SelectMany(r => r.Snapshots))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            AtomicFile.Write(path, stream => stream.Write(bytes));
        }
        return results;
    }

    private static IEnumerable<GoldenTest> Cases(string path, IGoldenCommands commands, DiagnosticBag notes)
    {
        try
        {
            var (file, problems) = (GoldenFile.Read(path, commands.NeedsInput), new DiagnosticBag());
            if (file.Cases.Count == 0)
                notes.Note(GoldenCodes.LeftOut, "an input of other tests, by its first line", new SourceLocation(path));
            foreach (var test in file.Cases.DistinctBy(c => c.Command))
            {
                var found = new DiagnosticBag();
                found.Collect(() => commands.Check(test.Command));
                problems.AddRange(found.Items.Select(d => d with { Location = new SourceLocation(path, test.Line, 1) }));
            }
            problems.ThrowIfErrors();
            return [.. file.Cases.Select((c, i) => new GoldenTest(path, c.Line, c.Title) { File = file, Index = i })];
        }
        catch (DiagnosticException error)
        {
            return [new GoldenTest(path, 1, "") { Problems = error.Diagnostics }];
        }
    }

    /// <summary>The titles of a broken file are not known: its text says what it may be about.</summary>
    private static bool IsMeant(GoldenTest test, string filter) =>
        $"{test.Path}: {test.Title}".Contains(filter, StringComparison.OrdinalIgnoreCase)
        || (test.Problems.Count > 0 && (!File.Exists(test.Path)
            || File.ReadAllText(test.Path).Contains(filter, StringComparison.OrdinalIgnoreCase)));

    private static GoldenResult Judge(GoldenTest test, GoldenOutput output, IReadOnlyList<GoldenCheck> calls, string folder)
    {
        var given = test.Case;
        string actual = output.Text.ReplaceLineEndings("\n").TrimEnd('\n');
        var failures = new List<string>();
        bool isExact = given.Expected is not null || given.Checks.Count == 0;
        if (given.Expected is null && isExact) failures.Add(Diff("", actual) is { Length: > 0 } all ? all : "the case has no //= line yet");
        else if (given.Expected is { } expected && expected != actual) failures.Add(Diff(expected, actual));
        failures.AddRange(GoldenJudge.Checks(given, output, actual));
        var answers = new Dictionary<int, string>();
        foreach (var (call, answer) in calls.Zip(output.Answers))
        {
            if (GoldenJudge.IsSame(call.Answer, answer)) continue;
            failures.Add($"line {Numerics.Numbers.Format(call.Line)}: {call.Text} is {answer}, not {call.Answer}");
            if (!answer.Contains(GoldenVectors.Apart, StringComparison.Ordinal))
                answers[call.Line] = call.With(test.File!.LineAt(call.Line), answer);
        }
        List<(string Path, byte[] Bytes)> snapshots = [];
        foreach (var (name, bytes) in output.Snapshots)
        {
            string path = Path.Combine(folder, name);
            if (GoldenJudge.Difference(name, path, bytes) is not { } difference) continue;
            failures.Add(difference);
            snapshots.Add((path, bytes));
        }
        bool mayBless = !output.HasErrors || given.ExpectsError, isRight = GoldenJudge.Checks(given, output, actual).Count == 0;
        if (failures.Count > 0 && !mayBless && isExact)
            failures.Add($"the case does not say that it expects an error: if it does, write {GoldenCheck.Mark} error "
                + output.Diagnostics.First(d => d.Severity == Severity.Error).Code);
        string? text = isExact && given.Expected != actual ? actual : null;
        return new(test, given.Expected, actual, string.Join('\n', failures))
        {
            Outcome = mayBless && isRight && (text is not null || answers.Count > 0 || snapshots.Count > 0)
                ? new GoldenOutcome(text, answers) : null,
            Snapshots = snapshots,
        };
    }

    private static string Diff(string expected, string actual) =>
        expected == actual ? "" : UnidiffRenderer.GenerateUnidiff(expected, actual, "expected", "actual", false, false, 3).TrimEnd();
}

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

    /// <summary>Runs the words of a <c>//!</c> line on an input.</summary>
    /// <param name="words">The command and its options: <c>opt</c>, <c>--passes=canonicalize</c>.</param>
    /// <param name="input">What the command reads in place of a file.</param>
    /// <param name="folder">Folder of the golden file, against which paths of the command line stand.</param>
    /// <returns>Standard output, then the diagnostics, as a user would see them.</returns>
    string Run(IReadOnlyList<string> words, string input, string folder);
}

/// <summary>What became of one case.</summary>
/// <param name="File">Path as it was given or found.</param>
/// <param name="Difference">Unified diff from expected to actual, empty where they agree.</param>
/// <param name="Blessed">Whether the file was rewritten with what came out.</param>
public sealed record GoldenResult(string File, int Line, string Title, string Difference, bool Blessed)
{
    public bool Passed => Blessed || Difference.Length == 0;

    /// <summary>The failure as it is shown: the case, the difference, and how to accept it; the name alone where it passed.</summary>
    public override string ToString()
    {
        string name = Title.Length == 0 ? $"{File}:{Line}" : $"{File}:{Line}: {Title}";
        return Passed ? name : $"{name}\n{Difference}\nif the new output is right: cortexml test {File} --bless";
    }
}

/// <summary>File tests: each case's output must be, character by character, what its file says.</summary>
public static class GoldenRunner
{
    /// <param name="paths">Files, or folders: see <see cref="GoldenFolders.Files"/>.</param>
    /// <param name="filter">Runs only cases whose file or title contains this; null for all.</param>
    /// <param name="bless">Rewrites what is expected with what comes out.</param>
    /// <param name="notes">Gets what is left out.</param>
    /// <exception cref="DiagnosticException">
    /// Before anything runs: a path that does not exist or is no golden file, CML0911 a command or an option that there is not, CML0912
    /// nothing to run.
    /// </exception>
    public static IReadOnlyList<GoldenResult> Run(
        IEnumerable<string> paths, string? filter, bool bless, IGoldenCommands commands, DiagnosticBag notes)
    {
        var files = Read([.. paths.SelectMany(path => GoldenFolders.Files(path, notes)).Distinct(StringComparer.Ordinal)], commands, notes);
        int cases = files.Sum(f => f.Cases.Count);
        if (cases == 0) throw new DiagnosticException(GoldenCodes.NoCases, "there is no case to run: all files are inputs of other tests");
        List<GoldenResult> results = [.. files.SelectMany(file => RunFile(file, filter, bless, commands))];
        return results.Count > 0 ? results
            : throw new DiagnosticException(GoldenCodes.NoCases,
                $"none of {Counted.Of(cases, "case")} in {Counted.Of(files.Count, "file")} has '{filter}' in its file or title");
    }

    /// <summary>All files, after a look at every line that says what to run.</summary>
    private static List<GoldenFile> Read(IReadOnlyList<string> paths, IGoldenCommands commands, DiagnosticBag notes)
    {
        var problems = new DiagnosticBag();
        var files = new List<GoldenFile>();
        foreach (string path in paths)
        {
            try
            {
                var file = GoldenFile.Read(path);
                files.Add(file);
                if (file.Cases.Count == 0)
                    notes.Note(GoldenCodes.LeftOut, "an input of other tests, by its first line", new SourceLocation(path));
                foreach (var test in file.Cases.DistinctBy(c => c.Command)) Check(test, path, commands, problems);
            }
            catch (DiagnosticException error)
            {
                problems.AddRange(error.Diagnostics);
            }
        }
        problems.ThrowIfErrors();
        return files;
    }

    private static void Check(GoldenCase test, string path, IGoldenCommands commands, DiagnosticBag problems)
    {
        try
        {
            commands.Check(test.Command);
        }
        catch (DiagnosticException error)
        {
            problems.AddRange(error.Diagnostics.Select(d => d with { Location = new SourceLocation(path, test.Line, 1) }));
        }
    }

    private static List<GoldenResult> RunFile(GoldenFile file, string? filter, bool bless, IGoldenCommands commands)
    {
        var results = new List<GoldenResult>();
        var outputs = file.Cases.Select(c => c.Expected ?? "").ToList();
        string folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        for (int i = 0; i < file.Cases.Count; i++)
        {
            var test = file.Cases[i];
            if (filter is not null && !$"{file.Path}: {test.Title}".Contains(filter, StringComparison.OrdinalIgnoreCase)) continue;
            string actual = commands.Run(test.Command, test.Input, folder).ReplaceLineEndings("\n").TrimEnd('\n');
            bool same = actual == test.Expected;
            outputs[i] = actual;
            results.Add(
                new GoldenResult(
                file.Path, test.Line, test.Title, same ? "" : Difference(test.Expected ?? "", actual), Blessed: !same && bless));
        }
        if (results.Exists(r => r.Blessed)) AtomicFile.WriteText(file.Path, file.With(outputs));
        return results;
    }

    /// <summary>The diff; where only the missing separator differs, a sentence that says so.</summary>
    private static string Difference(string expected, string actual) =>
        expected == actual
            ? "the case has no //= line yet"
            : UnidiffRenderer.GenerateUnidiff(expected, actual, "expected", "actual", false, false, 3).TrimEnd();
}

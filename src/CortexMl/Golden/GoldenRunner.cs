using CortexMl.Diagnostics;
using CortexMl.Tensors;
using DiffPlex.Renderer;

namespace CortexMl.Golden;

/// <summary>Runs the words of a golden file's <c>//!</c> line on an input.</summary>
/// <param name="words">The command and its options: <c>opt</c>, <c>--passes=canonicalize</c>.</param>
/// <param name="input">What the command reads in place of a file.</param>
/// <param name="folder">Folder of the golden file, against which paths of the command line stand.</param>
/// <returns>Standard output, then the diagnostics, as a user would see them.</returns>
public delegate string GoldenCommand(IReadOnlyList<string> words, string input, string folder);

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
    /// <summary>Files below folders of these names are inputs of other tests.</summary>
    private static readonly string[] s_inputFolders = ["models", "fuzz"];

    /// <param name="paths">Files, or folders whose <c>.cml</c> files are run in ordinal order.</param>
    /// <param name="filter">Runs only cases whose file or title contains this; null for all.</param>
    /// <param name="bless">Rewrites what is expected with what comes out.</param>
    /// <exception cref="DiagnosticException">A path does not exist or is no golden file.</exception>
    public static IReadOnlyList<GoldenResult> Run(IEnumerable<string> paths, string? filter, bool bless, GoldenCommand command) =>
        [.. paths.SelectMany(Files).SelectMany(file => RunFile(GoldenFile.Read(file), filter, bless, command))];

    /// <summary>The golden files that a path stands for, in ordinal order.</summary>
    /// <exception cref="DiagnosticException">CML0101.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (File.Exists(path)) return [path];
        if (!Directory.Exists(path)) throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"no file or folder '{path}'");
        return [.. Directory.EnumerateFiles(path, "*.cml", SearchOption.AllDirectories)
            .Select(f => Path.GetRelativePath(path, f)).Where(f => !f.Split('/', '\\').Intersect(s_inputFolders, StringComparer.Ordinal).Any())
            .Order(StringComparer.Ordinal).Select(f => Path.Combine(path, f))];
    }

    private static List<GoldenResult> RunFile(GoldenFile file, string? filter, bool bless, GoldenCommand command)
    {
        var results = new List<GoldenResult>();
        var outputs = file.Cases.Select(c => c.Expected ?? "").ToList();
        string folder = Path.GetDirectoryName(Path.GetFullPath(file.Path))!;
        for (int i = 0; i < file.Cases.Count; i++)
        {
            var test = file.Cases[i];
            if (filter is not null && !$"{file.Path}: {test.Title}".Contains(filter, StringComparison.OrdinalIgnoreCase)) continue;
            string actual = command(test.Command, test.Input, folder).ReplaceLineEndings("\n").TrimEnd('\n');
            bool same = actual == test.Expected;
            outputs[i] = actual;
            results.Add(new GoldenResult(file.Path, test.Line, test.Title, same ? "" : Difference(test.Expected ?? "", actual), Blessed: !same && bless));
        }
        if (results.Exists(r => r.Blessed)) AtomicFile.WriteText(file.Path, file.With(outputs));
        return results;
    }

    /// <summary>The diff; where only the missing separator differs, a sentence that says so.</summary>
    private static string Difference(string expected, string actual) =>
        expected == actual ? "the case has no //= line yet" : UnidiffRenderer.GenerateUnidiff(expected, actual, "expected", "actual", false, false, 3).TrimEnd();
}

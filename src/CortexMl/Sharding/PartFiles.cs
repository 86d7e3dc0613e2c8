using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Sharding;

/// <summary>The files that a command line means by its parts.</summary>
public static class PartFiles
{
    /// <summary>How the names of parts end in a folder that stands for all of them.</summary>
    public const string Extension = ".part";

    /// <param name="paths">Files; folders, each for its files <c>*.part</c>; patterns with * and ? in their last part.</param>
    /// <exception cref="DiagnosticException">CML1200: a folder or a pattern without a file.</exception>
    public static IReadOnlyList<string> Named(IReadOnlyList<string> paths) => [.. paths.SelectMany(Named)];

    private static string[] Named(string path)
    {
        if (Directory.Exists(path)) return Found(path, path, "*" + Extension);
        string name = Path.GetFileName(path);
        if (name.AsSpan().IndexOfAny('*', '?') < 0 || Path.Exists(path)) return [path];
        return Found(path, Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".", name);
    }

    private static string[] Found(string path, string folder, string pattern)
    {
        var matching = new EnumerationOptions { MatchCasing = MatchCasing.CaseSensitive, MatchType = MatchType.Simple };
        string[] found = !Directory.Exists(folder) ? []
            : [.. Directory.EnumerateFiles(folder, pattern, matching).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found
            : throw new DiagnosticException(ShardCodes.NoPart, $"'{path}' holds no part", hint: $"names of parts end with {Extension}");
    }
}

using CortexMl.Diagnostics;

namespace CortexMl.Data.Images;

/// <summary>Image files that are named together: <c>photos/*.png</c>, with * for any characters of a name and ? for one.</summary>
internal static class ImagePattern
{
    private static readonly EnumerationOptions s_matching = new()
    {
        MatchCasing = MatchCasing.CaseSensitive, MatchType =
        System.IO.MatchType.Simple
    };

    /// <summary>Whether the path is a pattern: it has wildcards in its last part, and no file or folder has that name.</summary>
    public static bool Is(string path) => Path.GetFileName(path).AsSpan().IndexOfAny('*', '?') >= 0 && !Path.Exists(path);

    /// <summary>The files of a pattern in the order of their names; the path itself where it is none.</summary>
    /// <exception cref="DiagnosticException">CML0805: no image fits.</exception>
    public static IReadOnlyList<string> Files(string path)
    {
        if (!Is(path)) return [path];
        string folder = Path.GetDirectoryName(path) is { Length: > 0 } named ? named : ".", name = Path.GetFileName(path);
        string[] found = !Directory.Exists(folder) ? []
            : [.. Directory.EnumerateFiles(folder, name, s_matching).Where(ImageFile.HasImageName).Order(StringComparer.Ordinal)];
        return found.Length > 0 ? found : throw new DiagnosticException(DataCodes.Empty, $"no image fits '{path}'",
            hint: $"file names end with {string.Join(", ", ImageFile.Extensions)}");
    }

    /// <summary>All files of the options, pattern by pattern.</summary>
    /// <exception cref="DiagnosticException">CML0805: no image fits; CML0801: a file that is no image.</exception>
    internal static IReadOnlyList<string> All(DataOptions options)
    {
        string[] files = [.. options.More.Prepend(options.Path).SelectMany(Files)];
        if (files.FirstOrDefault(f => !ImageFile.HasImageName(f)) is { } other)
            throw new DiagnosticException(DataCodes.UnknownFormat, $"'{other}' is no image: several files are images",
                hint: $"file names end with {string.Join(", ", ImageFile.Extensions)}");
        return files;
    }
}

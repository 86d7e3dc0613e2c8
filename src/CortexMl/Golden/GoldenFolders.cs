using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Golden;

/// <summary>
/// The golden files that a path stands for. Whatever looks like one and is not run is told: tests that nobody runs are green.
/// </summary>
public static class GoldenFolders
{
    private const string Extension = ".cml";

    /// <param name="path">A file, or a folder whose <c>.cml</c> files are found in all folders below, in ordinal order.</param>
    /// <param name="notes">Gets links that are not followed.</param>
    /// <exception cref="DiagnosticException">
    /// CML0101 no such path; CML0102 a device, a pipe, a folder that cannot be listed; CML0912 a folder without golden files.
    /// </exception>
    public static IReadOnlyList<string> Files(string path, DiagnosticBag notes)
    {
        if (File.Exists(path))
        {
            InputFile.Check(path);
            return [path];
        }
        if (!Directory.Exists(path)) throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"no file or folder '{path}'");
        var found = new List<string>();
        try
        {
            Find(path, "", found, notes);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, error.Message, new SourceLocation(path));
        }
        if (found.Count == 0)
            throw new DiagnosticException(
                GoldenCodes.NoCases, $"there is no {Extension} file in '{path}' and the folders below", hint: "golden files end with .cml");
        return [.. found.Order(StringComparer.Ordinal).Select(file => Path.Combine(path, file))];
    }

    private static void Find(string root, string below, List<string> found, DiagnosticBag notes)
    {
        foreach (var entry in new DirectoryInfo(Path.Combine(root, below)).EnumerateFileSystemInfos())
        {
            string name = Path.Combine(below, entry.Name);
            if (entry is FileInfo && name.EndsWith(Extension, StringComparison.Ordinal)) found.Add(name);
            else if (entry is DirectoryInfo && entry.LinkTarget is null) Find(root, name, found, notes);
            else if (entry is DirectoryInfo)
                notes.Note(GoldenCodes.LeftOut, "a link to a folder is not followed", new SourceLocation(Path.Combine(root, name)),
                    "give the folder itself as a path");
        }
    }
}

namespace CortexMl.Files;

/// <summary>Paths with every link on the way followed, as the system follows them.</summary>
public static class RealPath
{
    /// <summary>As many links as Linux follows.</summary>
    private const int MaxLinks = 40;

    /// <summary>Where a path leads in the end; parts that are not there stay as they are.</summary>
    /// <exception cref="IOException">Links lead in a ring.</exception>
    public static string Of(string path)
    {
        string full = Path.GetFullPath(path), at = Path.GetPathRoot(full)!;
        var ahead = new Stack<string>();
        Push(ahead, full[at.Length..]);
        for (int links = 0; ahead.TryPop(out string? part);)
        {
            if (part is "" or ".") continue;
            if (part == "..")
            {
                at = Path.GetDirectoryName(at) ?? at;
                continue;
            }
            string next = Path.Combine(at, part);
            if ((new FileInfo(next).LinkTarget ?? new DirectoryInfo(next).LinkTarget) is not { } target)
            {
                at = next;
                continue;
            }
            if (++links > MaxLinks) throw new IOException($"'{path}' leads through more than {MaxLinks} links");
            if (Path.IsPathRooted(target)) at = Path.GetPathRoot(Path.GetFullPath(target))!;
            Push(ahead, target[(Path.GetPathRoot(target) ?? "").Length..]);
        }
        return at;
    }

    /// <summary>
    /// Whether a path is only plain names between forward slashes: no root, no drive, no step up, on any system. Links are not looked at:
    /// see <see cref="IsInside"/>.
    /// </summary>
    public static bool StaysInside(string path) =>
        path.Length > 0 && path.IndexOfAny(['\\', ':', '\0']) < 0
        && Array.TrueForAll(path.Split('/'), part => part is not ("" or "." or ".."));

    /// <summary>Whether a path leads to something below a folder; links in a ring lead nowhere.</summary>
    public static bool IsInside(string path, string folder)
    {
        try
        {
            string inner = Of(path), outer = Path.TrimEndingDirectorySeparator(Of(folder));
            return inner.StartsWith(outer + Path.DirectorySeparatorChar, StringComparison.Ordinal) || outer == Path.GetPathRoot(outer);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static void Push(Stack<string> ahead, string path)
    {
        foreach (string part in path.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]).Reverse()) ahead.Push(part);
    }
}

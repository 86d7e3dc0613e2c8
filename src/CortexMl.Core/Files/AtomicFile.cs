using CortexMl.Diagnostics;

namespace CortexMl.Files;

/// <summary>
/// Writes a file under a temporary name and renames it, so that no reader ever sees half of it. A link is followed: what it leads to is replaced. What is no
/// file (a device, a pipe, a socket) is written to as a stream and stays what it is.
/// </summary>
public static class AtomicFile
{
    private const string PartialEnd = ".partial";

    private const string StandardOutput = "/dev/stdout", StandardError = "/dev/stderr";

    /// <exception cref="DiagnosticException">CML0103; nothing is left behind then.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            if (Stream(path) is { } stream)
            {
                using (stream) write(stream);
            }
            else
            {
                using var gate = WriteGate.Enter();
                Replace(Target(path), write);
            }
            WriteGate.Wrote();
        }
        catch (Exception error) when (IsWriteFailure(error))
        {
            throw Unwritable(path, error);
        }
    }

    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    internal static bool IsWriteFailure(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    internal static DiagnosticException Unwritable(string path, Exception error) => new(
        DiagnosticCodes.FileUnwritable, $"'{path}' cannot be written: {error.Message}", hint: "choose a folder that you may write to; nothing was left behind");

    /// <summary>What is no file, opened; null for files, also those that are not there yet.</summary>
    private static Stream? Stream(string path)
    {
        // Opened by name they would lose their place where they are files.
        if (!OperatingSystem.IsWindows() && path == StandardOutput) return Console.OpenStandardOutput();
        if (!OperatingSystem.IsWindows() && path == StandardError) return Console.OpenStandardError();
        return FileKinds.Of(path) switch
        {
            FileKind.Folder => throw new IOException("it is a folder"),
            FileKind.Pipe or FileKind.Device => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
            _ => null,
        };
    }

    /// <summary>The file that a link leads to in the end, whether it is there or not; any other path itself.</summary>
    private static string Target(string path) => new FileInfo(path) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)!.FullName : path;

    private static void Replace(string path, Action<Stream> write)
    {
        RemoveLeftovers(path);
        string partial = $"{path}.{Path.GetRandomFileName()}{PartialEnd}";
        try
        {
            using var stream = FileSteps.Create(partial);
            FileSteps.Fill(stream, write);
            // While it is open, and so locked: an open file is nobody's leftover.
            FileSteps.Rename(partial, path);
        }
        finally
        {
            DeleteQuietly(partial);
        }
        FileSteps.FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Partial files of runs that ended before they could clear up: those that nobody holds open.</summary>
    private static void RemoveLeftovers(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!, start = Path.GetFileName(path) + ".";
        if (!Directory.Exists(folder)) return;
        foreach (string left in Directory.EnumerateFiles(folder, "*" + PartialEnd))
        {
            if (!Path.GetFileName(left).StartsWith(start, StringComparison.Ordinal)) continue;
            try
            {
                using (new FileStream(left, FileMode.Open, FileAccess.Write, FileShare.None)) FileSteps.Delete(left);
            }
            catch (Exception error) when (IsWriteFailure(error))
            {
                // Somebody writes it just now, or it is not ours to remove.
            }
        }
    }

    private static void DeleteQuietly(string path)
    {
        try
        {
            FileSteps.Delete(path);
        }
        catch (Exception error) when (IsWriteFailure(error))
        {
            // The folder itself is out of reach, so there is nothing to clean up, and the first error is the one to show.
        }
    }
}

using System.Globalization;
using System.Text.RegularExpressions;
using CortexMl.Diagnostics;
using Microsoft.Win32.SafeHandles;

namespace CortexMl.Files;

/// <summary>
/// Writes a file under a temporary name and renames it, so that no reader ever sees half of it. A link is followed: what it leads to is
/// replaced. What is no file (a device, a pipe, a socket) is written to as a stream and stays what it is.
/// </summary>
public static partial class AtomicFile
{
    /// <summary>More links behind each other are a ring.</summary>
    private const int MostLinks = 40;

    /// <exception cref="DiagnosticException">CML0103; nothing is left behind then.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            string target = Target(path);
            if (Stream(target) is { } stream)
            {
                using (stream) write(stream);
            }
            else
            {
                using var gate = WriteGate.Enter();
                Replace(target, write);
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
        DiagnosticCodes.FileUnwritable, $"'{path}' cannot be written: {error.Message}",
        hint: "choose a folder that you may write to; nothing was left behind");

    /// <summary>What is no file, opened; null for files, also those that are not there yet.</summary>
    private static Stream? Stream(string path)
    {
        // Opened by name, an open file would lose its place, and what it holds.
        if (Descriptor(path) is { } descriptor)
        {
            return descriptor switch
            {
                1 => Console.OpenStandardOutput(),
                2 => Console.OpenStandardError(),
                _ => new FileStream(new SafeFileHandle(descriptor, ownsHandle: false), FileAccess.Write),
            };
        }
        return FileKinds.Of(path) switch
        {
            FileKind.File or FileKind.Missing => null,
            FileKind.Pipe or FileKind.Device => new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite),
            var kind => throw new IOException($"it is {kind.Name()}"),
        };
    }

    /// <summary>
    /// Where links lead in the end, whether something is there or not; a link that stands for an open file is where it ends.
    /// </summary>
    private static string Target(string path)
    {
        for (int links = 0; links < MostLinks; links++)
        {
            if (Descriptor(path) is not null || new FileInfo(path).LinkTarget is not { } next) return path;
            path = Path.GetFullPath(next, Path.GetDirectoryName(Path.GetFullPath(path))!);
            if (path.StartsWith("/proc/", StringComparison.Ordinal) && Descriptor(path) is null)
                throw new IOException($"it leads to '{path}'");
        }
        throw new IOException("its links lead to each other");
    }

    /// <summary>The number of the process's own open file that a path such as <c>/dev/stdout</c> or <c>/dev/fd/3</c> stands for.</summary>
    private static int? Descriptor(string path)
    {
        if (OperatingSystem.IsWindows() || OpenFile().Match(path) is not { Success: true } match) return null;
        return match.Groups["name"].Value switch
        {
            "stdout" => 1,
            "stderr" => 2,
            _ => int.Parse(match.Groups["number"].ValueSpan, CultureInfo.InvariantCulture),
        };
    }

    private static void Replace(string path, Action<Stream> write)
    {
        RemoveLeftovers(path);
        string partial = $"{path}.{PartialName.New()}";
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
        foreach (string left in Directory.EnumerateFiles(folder, PartialName.Pattern))
        {
            string name = Path.GetFileName(left);
            if (!name.StartsWith(start, StringComparison.Ordinal) || !PartialName.Is(name[start.Length..])) continue;
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

    [GeneratedRegex(@"^(/dev/(?<name>stdout|stderr)|(/dev/fd|/proc/self/fd|/proc/thread-self/fd)/(?<number>\d{1,9}))$")]
    private static partial Regex OpenFile();
}

/// <summary>Names of files and folders that are not finished: nobody else's have this form.</summary>
internal static partial class PartialName
{
    /// <summary>Finds them, and maybe others.</summary>
    public const string Pattern = "*.partial";

    private static int s_count;

    /// <summary>
    /// Of the process, the time and a counter, so that nothing random is needed: some roots have no source of it. Whoever makes a file of
    /// this name makes a new one, and never takes one that is there.
    /// </summary>
    public static string New() => string.Create(CultureInfo.InvariantCulture,
        $"cortexml-{Environment.ProcessId:x8}{DateTime.UtcNow.Ticks:x16}{Interlocked.Increment(ref s_count):x8}.partial");

    public static bool Is(string name) => Form().IsMatch(name);

    [GeneratedRegex("^cortexml-[0-9a-f]{32}\\.partial$")]
    private static partial Regex Form();
}

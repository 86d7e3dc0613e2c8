using System.Runtime.InteropServices;

namespace CortexMl.Files;

/// <summary>What a step of writing does to the disk.</summary>
internal enum FileStep { CreateFolder, Create, Write, Flush, Rename, Delete, FlushFolder }

/// <summary>
/// Every step that writing files takes, one method each, so that a test can stop the world in front of any of them as the end of the
/// process would: from there on nothing happens any more, neither the step nor what clears up after it.
/// </summary>
internal static partial class FileSteps
{
    private static readonly AsyncLocal<Action<FileStep, string>?> s_before = new();

    /// <summary>Called before each step on this flow of control; what it throws happens in place of the step.</summary>
    public static Action<FileStep, string>? Before { get => s_before.Value; set => s_before.Value = value; }

    public static void CreateFolder(string path)
    {
        Before?.Invoke(FileStep.CreateFolder, path);
        Directory.CreateDirectory(path);
    }

    /// <summary>A file that is not there yet, locked against other processes while it is open, where the system knows such locks.</summary>
    public static FileStream Create(string path)
    {
        Before?.Invoke(FileStep.Create, path);
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, OperatingSystem.IsWindows() ? FileShare.Delete : FileShare.None);
    }

    /// <summary>Writes the content and waits until the disk has it.</summary>
    public static void Fill(FileStream file, Action<Stream> write)
    {
        Before?.Invoke(FileStep.Write, file.Name);
        write(file);
        Before?.Invoke(FileStep.Flush, file.Name);
        file.Flush(flushToDisk: true);
    }

    public static void Rename(string from, string to)
    {
        Before?.Invoke(FileStep.Rename, to);
        File.Move(from, to, overwrite: true);
    }

    public static void Delete(string path)
    {
        if (!File.Exists(path)) return;
        Before?.Invoke(FileStep.Delete, path);
        File.Delete(path);
    }

    public static void DeleteFolder(string path)
    {
        if (!Directory.Exists(path)) return;
        Before?.Invoke(FileStep.Delete, path);
        Directory.Delete(path, recursive: true);
    }

    /// <summary>Not one that somebody put something into meanwhile.</summary>
    public static void DeleteEmptyFolder(string path)
    {
        if (!Directory.Exists(path) || Directory.EnumerateFileSystemEntries(path).Any()) return;
        Before?.Invoke(FileStep.Delete, path);
        try
        {
            Directory.Delete(path, recursive: false);
        }
        catch (IOException)
        {
            // Filled or gone in this moment: then it is somebody else's.
        }
    }

    /// <summary>Waits until the disk has the names of a folder, on systems where that is asked for separately.</summary>
    public static void FlushFolder(string path)
    {
        Before?.Invoke(FileStep.FlushFolder, path);
        if (OperatingSystem.IsWindows()) return;
        const int ReadOnly = 0;
        int folder = Open(path, ReadOnly);
        if (folder < 0) return;
        _ = Sync(folder);
        _ = Close(folder);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

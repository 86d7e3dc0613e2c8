using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CortexMl.Files;

/// <summary>What stands behind a path, links followed.</summary>
public enum FileKind
{
    Missing,
    File,
    Folder,

    /// <summary>A pipe that has a name: a FIFO, or what a shell makes of <c>&lt;(command)</c>.</summary>
    Pipe,

    /// <summary>A device such as <c>/dev/zero</c>: without a length, maybe without an end.</summary>
    Device,

    /// <summary>A block device: all that is on a disk.</summary>
    Disk,

    Socket,
}

/// <summary>Tells files from what only looks like one.</summary>
public static partial class FileKinds
{
    private const int CurrentFolder = -100;

    private const uint TypeOnly = 1;

    public static FileKind Of(string path)
    {
        if (Directory.Exists(path)) return FileKind.Folder;
        if (OperatingSystem.IsLinux()) return OnLinux(path);
        bool isDevice = !OperatingSystem.IsWindows() && Path.GetFullPath(path).StartsWith("/dev/", StringComparison.Ordinal);
        return !File.Exists(path) ? FileKind.Missing : isDevice ? FileKind.Device : FileKind.File;
    }

    /// <summary>As messages call it.</summary>
    public static string Name(this FileKind kind) => kind switch
    {
        FileKind.Folder => "a folder",
        FileKind.Pipe => "a pipe",
        FileKind.Device => "a device",
        FileKind.Disk => "a disk",
        FileKind.Socket => "a socket",
        FileKind.Missing => "nothing",
        _ => "a file",
    };

    // struct statx of the kernel's interface: the mode is the 16 bits at byte 28, its upper four bits are the type
    private static FileKind OnLinux(string path)
    {
        Span<byte> state = stackalloc byte[256];
        if (path.Length == 0 || StatX(CurrentFolder, path, 0, TypeOnly, state) != 0)
            return File.Exists(path) ? FileKind.File : FileKind.Missing;
        return (BinaryPrimitives.ReadUInt16LittleEndian(state[28..]) >> 12) switch
        {
            8 => FileKind.File,
            4 => FileKind.Folder,
            1 => FileKind.Pipe,
            6 => FileKind.Disk,
            12 => FileKind.Socket,
            _ => FileKind.Device,
        };
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatX(int folder, string path, int flags, uint mask, Span<byte> state);
}

using System.Diagnostics;

namespace CortexMl.Files;

/// <summary>One writer at a time in a folder: a locked file that is gone with its writer, however that ended.</summary>
internal static class FolderLock
{
    private const string FileName = ".cortexml.lock";

    /// <summary>What the systems say of a file that somebody else holds: Linux, macOS, Windows.</summary>
    private static readonly int[] s_inUse = [11, 35, unchecked((int)0x80070020)];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30), s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until no other writer is in the folder.</summary>
    /// <exception cref="IOException">Another one has not finished in half a minute, or the folder cannot be written.</exception>
    public static IDisposable Take(string folder)
    {
        string path = Path.Combine(folder, FileName);
        for (long start = Stopwatch.GetTimestamp(); ; Thread.Sleep(s_pause))
        {
            try
            {
                // Deleted before it is closed: who opens the name afterwards makes a new file.
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1, FileOptions.DeleteOnClose);
            }
            catch (IOException error) when (s_inUse.Contains(error.HResult))
            {
                if (Stopwatch.GetElapsedTime(start) > s_patience)
                    throw new IOException("another run has been writing there for half a minute", error);
            }
        }
    }
}

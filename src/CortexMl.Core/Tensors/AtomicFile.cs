using CortexMl.Diagnostics;

namespace CortexMl.Tensors;

/// <summary>Writes a file under a temporary name and renames it, so that no reader ever sees half of it.</summary>
public static class AtomicFile
{
    /// <exception cref="DiagnosticException">CML0103; nothing is left behind then.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        string partial = $"{path}.{Path.GetRandomFileName()}.partial";
        try
        {
            using (var stream = new FileStream(partial, FileMode.CreateNew, FileAccess.Write)) write(stream);
            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (IsWriteFailure(error))
        {
            throw Unwritable(path, error);
        }
        finally
        {
            DeleteQuietly(partial);
        }
    }

    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));

    internal static bool IsWriteFailure(Exception error) =>
        error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    internal static DiagnosticException Unwritable(string path, Exception error) => new(
        DiagnosticCodes.FileUnwritable, $"'{path}' cannot be written: {error.Message}", hint: "choose a folder that you may write to; nothing was left behind");

    private static void DeleteQuietly(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception error) when (IsWriteFailure(error))
        {
            // The folder itself is out of reach, so there is nothing to clean up, and the first error is the one to show.
        }
    }
}

using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Data.Sources;

/// <summary>
/// Bytes of a data file, of which any can be had without the others. What has no length (a pipe) or is packed (gzip) is held in memory;
/// of a plain file nothing is read but what is asked for.
/// </summary>
internal sealed class StoredBytes
{
    /// <summary>Bytes that tell what a file is: any head of an IDX file, those of .npy files that are not made to be long.</summary>
    private const int StartLength = 1 << 12;

    private readonly byte[]? _held;
    private readonly FileStream? _file;
    private readonly string _name;

    private StoredBytes(byte[]? held, FileStream? file, string name)
    {
        (_held, _file, _name) = (held, file, name);
        Length = held?.Length ?? file!.Length;
        Start = Read(0, (int)Math.Min(Length, StartLength));
    }

    public long Length { get; }

    /// <summary>The first bytes; all of a short file.</summary>
    public byte[] Start { get; }

    public static StoredBytes Of(byte[] bytes) => new(bytes, null, "");

    /// <exception cref="DiagnosticException">CML0101 missing, CML0102 unreadable or broken gzip, CML0106 it unpacks to too much.</exception>
    public static StoredBytes Open(string path)
    {
        string name = InputFile.DisplayName(path);
        var stream = InputFile.Open(path);
        if (stream is not FileStream file)
        {
            // A pipe, which brings its bytes once.
            using (stream) return new(InputFile.Unpacked(((MemoryStream)stream).ToArray(), name), null, name);
        }
        var stored = new StoredBytes(null, file, name);
        if (!InputFile.IsGzip(stored.Start)) return stored;
        file.Dispose();
        return new(InputFile.ReadUnpacked(path), null, name);
    }

    /// <exception cref="DiagnosticException">CML0102: the file was made shorter, or cannot be read.</exception>
    public byte[] Read(long offset, int count)
    {
        if (_held is not null) return _held.AsSpan((int)offset, count).ToArray();
        var bytes = new byte[count];
        try
        {
            for (int done = 0, read; done < count; done += read)
                if ((read = RandomAccess.Read(_file!.SafeFileHandle, bytes.AsSpan(done), offset + done)) == 0)
                    throw new EndOfStreamException("it has become shorter while it was read");
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{_name}' cannot be read: {error.Message}");
        }
    }
}

using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Data.Sources;

/// <summary>
/// Bytes of a data file, of which any can be had without the others. What has no length (a pipe) or is packed (gzip) is held in memory;
/// of a plain file nothing is read but what is asked for, and it is open only while it is read.
/// </summary>
internal sealed class StoredBytes
{
    /// <summary>Bytes that tell what a file is: any head of an IDX file, those of .npy files that are not made to be long.</summary>
    private const int StartLength = 1 << 12;

    private readonly byte[]? _held;
    private readonly string _path;

    private StoredBytes(byte[]? held, string path, long length, byte[] start) =>
        (_held, _path, Length, Start) = (held, path, length, start);

    public long Length { get; }

    /// <summary>The first bytes; all of a short file.</summary>
    public byte[] Start { get; }

    public static StoredBytes Of(byte[] bytes) => new(bytes, "", bytes.Length, bytes[..Math.Min(bytes.Length, StartLength)]);

    /// <exception cref="DiagnosticException">
    /// CML0101 missing, CML0102 unreadable or broken gzip, CML0106 it unpacks to too much.
    /// </exception>
    public static StoredBytes Of(string path)
    {
        using var stream = InputFile.Open(path);
        // A pipe brings its bytes once.
        if (stream is MemoryStream once) return Of(InputFile.Unpacked(once.ToArray(), InputFile.DisplayName(path)));
        using var open = new OpenBytes(stream, path);
        byte[] start = open.Read(0, (int)Math.Min(stream.Length, StartLength));
        return InputFile.IsGzip(start) ? Of(InputFile.ReadUnpacked(path)) : new(null, path, stream.Length, start);
    }

    /// <summary>To read from, until it is disposed of.</summary>
    /// <exception cref="DiagnosticException">CML0101, CML0102: the file is not there any more, or another one.</exception>
    public OpenBytes Open()
    {
        var stream = _held is null ? InputFile.Open(_path) : new MemoryStream(_held, writable: false);
        if (stream.Length == Length) return new OpenBytes(stream, _path);
        stream.Dispose();
        throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{_path}' was changed while it was read", hint: "run it once more");
    }
}

/// <summary>A file that is open.</summary>
/// <param name="path">For messages.</param>
internal sealed class OpenBytes(Stream stream, string path) : IDisposable
{
    /// <exception cref="DiagnosticException">CML0102.</exception>
    public byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        try
        {
            stream.Position = offset;
            stream.ReadExactly(bytes);
            return bytes;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{path}' cannot be read: {error.Message}");
        }
    }

    public void Dispose() => stream.Dispose();
}

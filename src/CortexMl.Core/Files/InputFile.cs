using System.Globalization;
using System.IO.Compression;
using CortexMl.Diagnostics;

namespace CortexMl.Files;

/// <summary>
/// Reads a user's files. Every failure is a coded diagnostic, and no file makes us allocate beyond what its own size justifies.
/// </summary>
public static class InputFile
{
    private const long MaxBytes = int.MaxValue - 64;

    /// <summary>
    /// What a compressed file may unpack to: 32 MB + 8 x its size, so that unpacking and one copy stay within 64 MB + 16 x.
    /// </summary>
    public static long UnpackedLimit(long packedBytes) => (32L << 20) + 8 * packedBytes;

    /// <summary>The name by which diagnostics and artefacts speak of a file: without folders.</summary>
    public static string DisplayName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    /// <summary>What a stream without a length may bring: standard input, or a pipe that a shell made of <c>&lt;(command)</c>.</summary>
    public const long StreamLimit = 512L << 20;

    /// <exception cref="DiagnosticException">CML0101 missing, CML0102 unreadable or no file, CML0106 two gigabytes or more.</exception>
    public static byte[] ReadAllBytes(string path) => Reading(path, () =>
    {
        using var stream = Opened(path);
        if (!stream.CanSeek) return ReadStream(stream, $"'{path}'");
        if (stream.Length > MaxBytes)
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                $"'{path}' has {Counted.Grouped(stream.Length, "byte")}; the largest file that can be read has {Format(MaxBytes)}");
        byte[] bytes = MemoryUse.Taking(stream.Length, $"file '{path}'", () => new byte[stream.Length]);
        stream.ReadExactly(bytes);
        return bytes;
    });

    /// <summary>A file to read piece by piece; of a pipe everything that it brings.</summary>
    /// <exception cref="DiagnosticException">CML0101 missing, CML0102 unreadable or no file, CML0106 a pipe without an end.</exception>
    public static Stream Open(string path) => Reading<Stream>(path, () =>
    {
        var stream = Opened(path);
        if (stream.CanSeek) return stream;
        using (stream) return new MemoryStream(ReadStream(stream, $"'{path}'"), writable: false);
    });

    /// <summary>Whether a file can be opened; a pipe that is open already is left alone, since its bytes come once.</summary>
    /// <exception cref="DiagnosticException">CML0101 missing, CML0102 unreadable or no file.</exception>
    public static void Check(string path)
    {
        if (FileKinds.Of(path) != FileKind.Pipe || !IsOpenFile(path)) Open(path).Dispose();
    }

    /// <summary>All bytes of a stream that does not say how many it has.</summary>
    /// <param name="what">What messages call it.</param>
    /// <exception cref="DiagnosticException">CML0106: more than <see cref="StreamLimit"/>.</exception>
    public static byte[] ReadStream(Stream stream, string what)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[1 << 16];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            bytes.Write(buffer, 0, read);
            if (bytes.Length > StreamLimit)
                throw new DiagnosticException(
                    DiagnosticCodes.TooLarge, $"{what} brings more than {Format(StreamLimit)} bytes and does not say how many there are",
                    hint: "write them into a file first");
        }
        return bytes.ToArray();
    }

    // A device may have no end, and a pipe with a name waits for somebody who writes into it, maybe for ever.
    private static FileStream Opened(string path) => FileKinds.Of(path) switch
    {
        FileKind.Missing => throw new FileNotFoundException(),
        FileKind.File => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete),
        FileKind.Pipe when IsOpenFile(path) => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite),
        var kind => throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{path}' is {kind.Name()}, not a file",
            hint: kind == FileKind.Pipe ? "pass the bytes through standard input (-) or <(command), or write them into a file" : null),
    };

    /// <summary>
    /// Whether a path is a file that the process has open already, as <c>/dev/fd/63</c> of <c>&lt;(command)</c>: it does not wait for a
    /// writer.
    /// </summary>
    private static bool IsOpenFile(string path) =>
        path == "/dev/stdin" || path.StartsWith("/dev/fd/", StringComparison.Ordinal)
            || path.StartsWith("/proc/self/fd/", StringComparison.Ordinal);

    private static T Reading<T>(string path, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException(
                DiagnosticCodes.FileNotFound, $"there is no file '{path}'", hint: "check the path; it is relative to the current folder");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{path}' cannot be read: {error.Message}");
        }
    }

    public static string ReadAllText(string path) => System.Text.Encoding.UTF8.GetString(WithoutByteOrderMark(ReadAllBytes(path)));

    public static bool IsGzip(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    /// <summary>The file's bytes, unpacked where they are gzip.</summary>
    /// <exception cref="DiagnosticException">
    /// As <see cref="ReadAllBytes"/>; CML0102 for broken gzip, CML0106 where it unpacks to more than <see cref="UnpackedLimit"/>.
    /// </exception>
    public static byte[] ReadUnpacked(string path)
    {
        return Unpacked(ReadAllBytes(path), DisplayName(path));
    }

    /// <summary>The bytes themselves, unpacked where they are gzip.</summary>
    /// <param name="name">What messages call them.</param>
    /// <exception cref="DiagnosticException">CML0102, CML0106.</exception>
    public static byte[] Unpacked(byte[] bytes, string name) => IsGzip(bytes) ? Unpack(bytes, name) : bytes;

    private static byte[] Unpack(byte[] packed, string name)
    {
        long limit = Math.Min(UnpackedLimit(packed.Length), MaxBytes);
        using var unpacked = new MemoryStream();
        try
        {
            using var gzip = new GZipStream(new MemoryStream(packed), CompressionMode.Decompress);
            var buffer = new byte[1 << 16];
            for (int read; (read = gzip.Read(buffer)) > 0;)
            {
                unpacked.Write(buffer, 0, read);
                if (unpacked.Length > limit)
                    throw new DiagnosticException(DiagnosticCodes.TooLarge,
                        $"{name} unpacks to more than {Counted.Grouped(limit, "byte")} from {Format(packed.Length)}",
                        hint: "unpack it first if this is meant");
            }
        }
        catch (InvalidDataException error)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"{name} is not whole gzip data: {error.Message}",
                SourceLocation.At(name, unpacked.Length));
        }
        return unpacked.ToArray();
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? bytes[3..] : bytes;

    private static string Format(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

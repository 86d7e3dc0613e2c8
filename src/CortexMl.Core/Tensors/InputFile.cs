using System.Globalization;
using System.IO.Compression;
using CortexMl.Diagnostics;
using CortexMl.Ir;

namespace CortexMl.Tensors;

/// <summary>Reads a user's files. Every failure is a coded diagnostic, and no file makes us allocate beyond what its own size justifies.</summary>
public static class InputFile
{
    private const long MaxBytes = int.MaxValue - 64;

    /// <summary>What a compressed file may unpack to: 32 MB + 8 x its size, so that unpacking and one copy stay within 64 MB + 16 x.</summary>
    public static long UnpackedLimit(long packedBytes) => (32L << 20) + 8 * packedBytes;

    /// <summary>The name by which diagnostics and artefacts speak of a file: without folders.</summary>
    public static string DisplayName(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    /// <exception cref="DiagnosticException">CML0101 missing, CML0102 unreadable, CML0106 two gigabytes or more.</exception>
    public static byte[] ReadAllBytes(string path)
    {
        try
        {
            if (Directory.Exists(path)) throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{path}' is a folder, not a file");
            long length = new FileInfo(path).Length;
            if (length > MaxBytes)
                throw new DiagnosticException(DiagnosticCodes.TooLarge, $"'{path}' has {Format(length)} bytes; the largest file that can be read has {Format(MaxBytes)}");
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"there is no file '{path}'", hint: "check the path; it is relative to the current folder");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{path}' cannot be read: {error.Message}");
        }
    }

    public static string ReadAllText(string path) => System.Text.Encoding.UTF8.GetString(WithoutByteOrderMark(ReadAllBytes(path)));

    public static bool IsGzip(ReadOnlySpan<byte> bytes) => bytes.StartsWith((ReadOnlySpan<byte>)[0x1f, 0x8b]);

    /// <summary>The file's bytes, unpacked where they are gzip.</summary>
    /// <exception cref="DiagnosticException">As <see cref="ReadAllBytes"/>; CML0102 for broken gzip, CML0106 where it unpacks to more than <see cref="UnpackedLimit"/>.</exception>
    public static byte[] ReadUnpacked(string path)
    {
        byte[] bytes = ReadAllBytes(path);
        return IsGzip(bytes) ? Unpack(bytes, DisplayName(path)) : bytes;
    }

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
                        $"{name} unpacks to more than {Format(limit)} bytes from {Format(packed.Length)}", hint: "unpack it first if this is meant");
            }
        }
        catch (InvalidDataException error)
        {
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"{name} is not whole gzip data: {error.Message}", SourceLocation.At(name, unpacked.Length));
        }
        return unpacked.ToArray();
    }

    private static ReadOnlySpan<byte> WithoutByteOrderMark(ReadOnlySpan<byte> bytes) =>
        bytes.StartsWith((ReadOnlySpan<byte>)[0xef, 0xbb, 0xbf]) ? bytes[3..] : bytes;

    private static string Format(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

using System.Formats.Tar;
using System.IO.Compression;
using CortexMl.Diagnostics;

namespace CortexMl.Serve.Uploads;

/// <summary>A file or folder of an archive.</summary>
/// <param name="Open">Its bytes; null of a folder.</param>
internal sealed record ArchiveEntry(string Name, Func<Stream>? Open);

/// <summary>
/// Archives that are unpacked on their way in: .zip, .tar, .tar.gz and .tgz, one entry after the other. Links, devices and encrypted
/// entries are refused.
/// </summary>
internal static class ArchiveReader
{
    private const int FileType = 0xf000, RegularFile = 0x8000, Folder = 0x4000;

    private static readonly string[] s_endings = [".zip", ".tar", ".tar.gz", ".tgz"];

    public static bool IsArchive(UploadName name) =>
        s_endings.Any(ending => name.Parts[^1].EndsWith(ending, StringComparison.OrdinalIgnoreCase));

    /// <exception cref="DiagnosticException">CML1104, also while it is walked; CML1103.</exception>
    public static IEnumerable<ArchiveEntry> Read(string path, string name) =>
        name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase) ? Zip(path, name) : Tar(path, name);

    /// <summary>What a broken archive makes readers throw, as a diagnostic; null for anything else.</summary>
    public static DiagnosticException? Refusal(Exception error, string name) =>
        error is InvalidDataException or EndOfStreamException or FormatException or ArgumentException or NotSupportedException
            or OverflowException
            ? Refused(name, $"it cannot be unpacked: {error.Message}", "make it again, or upload the files themselves") : null;

    private static IEnumerable<ArchiveEntry> Zip(string path, string name)
    {
        if (Headers(path) > UploadLimits.Entries) throw UploadLimits.TooManyEntries();
        using var archive = ZipFile.OpenRead(path);
        foreach (var entry in archive.Entries)
        {
            int type = (entry.ExternalAttributes >> 16) & FileType;
            bool isFolder = entry.FullName.EndsWith('/');
            if (type is not (0 or RegularFile or Folder)) throw NoFile(name, entry.FullName);
            if (entry.IsEncrypted)
                throw Refused(name, $"'{Printable.Name(entry.FullName)}' is encrypted", "make it again without a password");
            yield return new(entry.FullName, isFolder ? null : entry.Open);
        }
    }

    /// <summary>Entries of the list of a .zip, counted before all of it is held in memory.</summary>
    private static int Headers(string path)
    {
        ReadOnlySpan<byte> mark = "PK\u0001\u0002"u8;
        using var file = File.OpenRead(path);
        byte[] buffer = new byte[1 << 16];
        int kept = 0, count = 0;
        while (file.Read(buffer, kept, buffer.Length - kept) is var got and > 0)
        {
            count += buffer.AsSpan(0, kept + got).Count(mark);
            int end = kept + got;
            kept = Math.Min(mark.Length - 1, end);
            buffer.AsSpan(end - kept, kept).CopyTo(buffer);
        }
        return count;
    }

    private static IEnumerable<ArchiveEntry> Tar(string path, string name)
    {
        using var file = File.OpenRead(path);
        using var plain = name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) ? (Stream)file
            : new GZipStream(file, CompressionMode.Decompress);
        using var reader = new TarReader(new Metered(plain, file.Length));
        while (reader.GetNextEntry() is { } entry)
        {
            switch (entry.EntryType)
            {
                case TarEntryType.Directory:
                    yield return new(entry.Name, null);
                    break;
                case TarEntryType.RegularFile or TarEntryType.V7RegularFile or TarEntryType.ContiguousFile:
                    yield return new(entry.Name, () => entry.DataStream ?? Stream.Null);
                    break;
                case TarEntryType.GlobalExtendedAttributes:
                    break;
                default:
                    throw NoFile(name, entry.Name);
            }
        }
    }

    private static DiagnosticException NoFile(string name, string entry) =>
        Refused(name, $"'{Printable.Name(entry)}' is a link or a device", "make it again with the files that links lead to");

    private static DiagnosticException Refused(string name, string why, string hint) =>
        new(ServeCodes.Archive, $"'{Printable.Name(name)}' is refused: {why}", hint: hint);

    /// <summary>Reads on as long as that is not out of proportion to the packed file, also over what nobody asks for.</summary>
    private sealed class Metered(Stream inner, long packed) : Stream
    {
        private readonly long _most = Math.Max(UploadLimits.FreeBytes, packed * UploadLimits.Ratio);
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int got = inner.Read(buffer);
            _read += got;
            return _read <= _most ? got : throw UploadLimits.TooDense();
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}

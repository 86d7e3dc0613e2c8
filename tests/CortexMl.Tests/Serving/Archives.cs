using System.Formats.Tar;
using System.IO.Compression;

namespace CortexMl.Tests.Serving;

/// <summary>Archives for tests, in memory.</summary>
internal static class Archives
{
    private const int Link = 0xa000 | 0x1ff;

    public static byte[] Zip(params IEnumerable<(string Name, byte[] Bytes)> files)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (name, content) in files)
            {
                using var stream = archive.CreateEntry(name).Open();
                stream.Write(content);
            }
        return bytes.ToArray();
    }

    /// <summary>With an entry that says that it is a link, as zip --symlinks writes them.</summary>
    public static byte[] ZipWithLink(string name, string target)
    {
        using var bytes = new MemoryStream();
        using (var archive = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            var entry = archive.CreateEntry(name);
            entry.ExternalAttributes = Link << 16;
            using var stream = entry.Open();
            stream.Write(System.Text.Encoding.UTF8.GetBytes(target));
        }
        return bytes.ToArray();
    }

    public static byte[] Tar(params IEnumerable<TarEntry> entries)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
            foreach (var entry in entries) writer.WriteEntry(entry);
        return bytes.ToArray();
    }

    public static byte[] Packed(byte[] plain)
    {
        using var bytes = new MemoryStream();
        using (var packed = new GZipStream(bytes, CompressionLevel.SmallestSize, leaveOpen: true)) packed.Write(plain);
        return bytes.ToArray();
    }

    public static TarEntry File(string name, byte[] content) =>
        new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(content) };

    public static TarEntry Special(TarEntryType type, string name, string target = "target") =>
        type is TarEntryType.SymbolicLink or TarEntryType.HardLink ? new PaxTarEntry(type, name) { LinkName = target }
            : new PaxTarEntry(type, name);
}

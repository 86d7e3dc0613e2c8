using System.Globalization;
using CortexMl.Diagnostics;

namespace CortexMl.Serve.Uploads;

/// <summary>
/// The files of one job. What is uploaded is taken in beside them, looked at, and moved to them as a whole: an upload that is refused
/// leaves nothing.
/// </summary>
/// <param name="folder">Of the files.</param>
/// <param name="incoming">What is on its way; on the same disk.</param>
internal sealed class UploadFolder(string folder, string incoming, UploadLimits limits)
{
    private const int BufferBytes = 1 << 16;

    private int _uploads;
    private long _room;

    /// <summary>Names with <c>/</c>, in order.</summary>
    public IReadOnlyList<string> Files => !Directory.Exists(folder) ? []
        : [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(Relative).Order(StringComparer.Ordinal)];

    /// <summary>Takes a file; an archive is unpacked where it would have been.</summary>
    /// <returns>Names of what came.</returns>
    /// <exception cref="DiagnosticException">CML1102, CML1103, CML1104; nothing is kept then.</exception>
    public async Task<IReadOnlyList<string>> TakeAsync(UploadName name, Stream body, CancellationToken stop)
    {
        string own = Path.Combine(incoming, Interlocked.Increment(ref _uploads).ToString(CultureInfo.InvariantCulture));
        Directory.CreateDirectory(own);
        try
        {
            _room = limits.Bytes - Stored();
            string arrived = Path.Combine(own, "arrived"), unpacked = Path.Combine(own, "unpacked");
            await using (var file = File.Create(arrived)) await CopyAsync(body, file, stop);
            if (name.IsLitter) return [];
            if (!ArchiveReader.IsArchive(name)) return Move([(name, arrived)]);
            _room = limits.Bytes - Stored();
            Directory.CreateDirectory(unpacked);
            return Move(Unpack(arrived, unpacked, name, stop));
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    /// <summary>A file or folder that is there.</summary>
    /// <exception cref="DiagnosticException">CML1102, CML1101.</exception>
    public UploadName Existing(string text)
    {
        var name = UploadName.Parse(text);
        return Path.Exists(name.Below(folder)) ? name
            : throw new DiagnosticException(ServeCodes.Request, $"this job has no file '{Printable.Name(text)}'", hint: "upload it");
    }

    private List<(UploadName Name, string Path)> Unpack(string archive, string target, UploadName name, CancellationToken stop)
    {
        var found = new List<(UploadName, string)>();
        long most = Math.Max(UploadLimits.FreeBytes, new FileInfo(archive).Length * UploadLimits.Ratio), total = 0;
        int entries = 0;
        try
        {
            foreach (var entry in ArchiveReader.Read(archive, name.Text))
            {
                stop.ThrowIfCancellationRequested();
                if (++entries > UploadLimits.Entries) throw UploadLimits.TooManyEntries();
                string text = Bare(entry);
                // The folder that everything lies in.
                if (text.Length == 0 && entry.Open is null) continue;
                var inside = UploadName.Parse(text);
                if (entry.Open is null || inside.IsLitter) continue;
                var stored = new UploadName([.. name.Parts.SkipLast(1), .. inside.Parts]);
                string path = Path.Combine(target, found.Count.ToString("D6", System.Globalization.CultureInfo.InvariantCulture));
                using (var from = entry.Open())
                using (var to = File.Create(path))
                    total += Copy(from, to, most - total);
                found.Add((stored, path));
            }
        }
        catch (Exception error) when (ArchiveReader.Refusal(error, name.Text) is { } refusal)
        {
            throw refusal;
        }
        return found;
    }

    /// <summary>Without what <c>tar</c> writes in front and archives write behind folders.</summary>
    private static string Bare(ArchiveEntry entry)
    {
        string name = entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name;
        return entry.Open is null && name.EndsWith('/') ? name[..^1] : name == "." ? "" : name;
    }

    /// <summary>All get their names, or none where one of them cannot.</summary>
    private IReadOnlyList<string> Move(IReadOnlyList<(UploadName Name, string Path)> files)
    {
        var known = new Dictionary<string, (string Text, bool IsFile)>(StringComparer.OrdinalIgnoreCase);
        foreach (string stored in Files) Know(known, UploadName.Parse(stored), replaces: false);
        var arriving = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, _) in files)
        {
            if (!arriving.Add(name.Text)) throw Twice(name.Text, name.Text);
            Know(known, name, replaces: true);
        }
        if (known.Count > UploadLimits.Entries) throw UploadLimits.TooManyEntries();
        foreach (var (name, path) in files)
        {
            string target = name.Below(folder);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Move(path, target, overwrite: true);
        }
        return [.. files.Select(f => f.Name.Text)];
    }

    /// <summary>Each folder on the way has one spelling, and is no file.</summary>
    private static void Know(Dictionary<string, (string Text, bool IsFile)> known, UploadName name, bool replaces)
    {
        for (int parts = 1; parts <= name.Parts.Count; parts++)
        {
            string text = string.Join('/', name.Parts.Take(parts));
            bool isFile = parts == name.Parts.Count;
            if (known.TryAdd(text, (text, isFile))) continue;
            if (known[text] != (text, isFile) || (isFile && !replaces)) throw Twice(text, known[text].Text);
        }
    }

    private static DiagnosticException Twice(string name, string other) => new(ServeCodes.Name,
        $"'{Printable.Name(name)}' stands beside '{Printable.Name(other)}': many systems take both for one file",
        hint: "rename one of them");

    private long Stored() => !Directory.Exists(folder) ? 0
        : new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private async Task CopyAsync(Stream from, Stream to, CancellationToken stop)
    {
        byte[] buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, stop) is var got and > 0)
        {
            if ((_room -= got) < 0) throw limits.TooManyBytes();
            await to.WriteAsync(buffer.AsMemory(0, got), stop);
        }
    }

    private long Copy(Stream from, Stream to, long most)
    {
        byte[] buffer = new byte[BufferBytes];
        long total = 0;
        while (from.Read(buffer) is var got and > 0)
        {
            if ((total += got) > most) throw UploadLimits.TooDense();
            if ((_room -= got) < 0) throw limits.TooManyBytes();
            to.Write(buffer, 0, got);
        }
        return total;
    }

    private string Relative(string path) => Path.GetRelativePath(folder, path).Replace(Path.DirectorySeparatorChar, '/');
}

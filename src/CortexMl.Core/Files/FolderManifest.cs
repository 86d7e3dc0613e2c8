using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using CortexMl.Diagnostics;

namespace CortexMl.Files;

/// <summary>
/// Which files of a folder belong together: name, size and SHA-256 of each, in <see cref="FileName"/>. It is the last file that a writer
/// puts there and the first that it takes away, so that a folder is either whole or known to be unfinished, whenever the writer ended.
/// </summary>
/// <param name="Files">By name with <c>/</c>, in ordinal order.</param>
/// <param name="Pending">Names of files that are being changed; after a writer that was stopped, until they are written once more.</param>
public sealed record FolderManifest(SortedDictionary<string, ManifestEntry> Files, SortedSet<string> Pending)
{
    public const string FileName = "model.manifest.json";

    private const int MaxLength = 1 << 20;

    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.CamelCase, NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static FolderManifest Empty { get; } = new(new(StringComparer.Ordinal), new(StringComparer.Ordinal));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(
        new { format = 1, files = Files, pending = Pending }, s_options);

    /// <summary>Without these files, whether they are there or pending.</summary>
    public FolderManifest Without(IReadOnlySet<string> names) => new(
        new(Files.Where(f => !names.Contains(f.Key)).ToDictionary(), StringComparer.Ordinal),
        new(Pending.Except(names), StringComparer.Ordinal));

    public FolderManifest With(IEnumerable<KeyValuePair<string, ManifestEntry>> files, IEnumerable<string> pending) => new(
        new(Files.Concat(files).ToDictionary(), StringComparer.Ordinal), new(Pending.Concat(pending), StringComparer.Ordinal));

    /// <summary>Null where the folder has none.</summary>
    /// <exception cref="DiagnosticException">CML0108: the file is none of ours.</exception>
    public static FolderManifest? Read(string folder) => Bytes(folder) is { } bytes ? Parse(bytes, folder) : null;

    /// <summary>
    /// Runs what reads a folder or a file, between two looks at the manifest that names it: the files must be those that were written
    /// together, and must have stayed so. What no manifest names, the files of somebody else, is read as it is.
    /// </summary>
    /// <param name="path">A folder with a manifest, a folder that the manifest beside it knows, or a file.</param>
    /// <param name="acceptsEdited">Reads files that were changed since.</param>
    /// <exception cref="DiagnosticException">
    /// CML0107 unfinished, or written while it was read; CML0108 every file that is missing or another one.
    /// </exception>
    public static T Guard<T>(string path, bool acceptsEdited, Func<T> read)
    {
        if (Governing(path) is not { } folder || Bytes(folder) is not { } before) return read();
        var manifest = Parse(before, folder);
        if (manifest.Pending.Count > 0)
            throw new DiagnosticException(
                DiagnosticCodes.UnfinishedFolder, $"folder '{folder}' is unfinished: what wrote it was stopped, or still writes",
                new(FileName), $"run the command that writes {string.Join(", ", manifest.Pending)} again");
        if (!acceptsEdited) manifest.Check(folder);
        var result = read();
        return Bytes(folder) is { } after && after.AsSpan().SequenceEqual(before) ? result
            : throw new DiagnosticException(
                DiagnosticCodes.UnfinishedFolder, $"folder '{folder}' was written while it was read", new(FileName), "read it once more");
    }

    /// <summary>The folder whose manifest names a path; null where none does.</summary>
    private static string? Governing(string path)
    {
        if (Directory.Exists(path) && FileKinds.Of(Path.Combine(path, FileName)) != FileKind.Missing) return path;
        string full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path)), name = Path.GetFileName(full);
        if (Path.GetDirectoryName(full) is not { } above || Bytes(above) is not { } bytes) return null;
        var manifest = Parse(bytes, above);
        string inside = name + "/";
        return manifest.Files.Keys.Concat(manifest.Pending).Any(n => n == name || n.StartsWith(inside, StringComparison.Ordinal))
            ? above
            : null;
    }

    private void Check(string folder)
    {
        var problems = new DiagnosticBag();
        foreach (var (name, entry) in Files)
        {
            string path = Path.Combine(folder, name);
            var kind = FileKinds.Of(path);
            if (kind == FileKind.Missing)
                problems.Error(DiagnosticCodes.MixedFolder,
                    $"'{name}' is missing, which was written together with the other files of '{folder}'", new(FileName), Hint);
            else if (kind != FileKind.File)
                problems.Error(DiagnosticCodes.MixedFolder,
                    $"'{name}' is {kind.Name()}, not the file that was written together with the others of '{folder}'",
                    new(FileName), Hint);
            else if (new FileInfo(path).Length != entry.Size || ManifestEntry.Of(path) != entry)
                problems.Error(DiagnosticCodes.MixedFolder,
                    $"'{name}' is not the file that was written together with the others of '{folder}'", new(FileName), Hint);
        }
        problems.ThrowIfErrors();
    }

    private const string Hint = "write the folder again, or pass --accept-edited if the change is meant";

    private static byte[]? Bytes(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return FileKinds.Of(path) == FileKind.Missing ? null : InputFile.ReadAllBytes(path);
    }

    private static FolderManifest Parse(byte[] bytes, string folder)
    {
        try
        {
            var root = bytes.Length <= MaxLength ? JsonDocument.Parse(bytes).RootElement
                : throw new JsonException($"{Counted.Of(bytes.Length, "byte is", "bytes are")} no manifest");
            var files = new SortedDictionary<string, ManifestEntry>(StringComparer.Ordinal);
            foreach (var file in root.GetProperty("files").EnumerateObject())
                files[Sound(file.Name)] = new(file.Value.GetProperty("size").GetInt64(), file.Value.GetProperty("sha256").GetString()!);
            var pending = root.GetProperty("pending").EnumerateArray().Select(name => Sound(name.GetString()!));
            return new(files, new(pending, StringComparer.Ordinal));
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new DiagnosticException(
                DiagnosticCodes.MixedFolder, $"the manifest of '{folder}' cannot be read: {error.Message}", new(FileName), Hint);
        }
    }

    /// <summary>A name below the folder, so that a manifest of somebody else cannot make us read elsewhere.</summary>
    private static string Sound(string name) => Path.IsPathRooted(name) || name.Split('/', '\\').Any(part => part is "" or "." or "..")
        ? throw new FormatException($"'{name}' is no name of a file below the folder") : name;
}

/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Lower-case hexadecimal digits.</param>
public sealed record ManifestEntry(long Size, string Sha256)
{
    public static ManifestEntry Of(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete);
        return new(file.Length, Convert.ToHexStringLower(SHA256.HashData(file)));
    }
}

using System.Globalization;
using System.IO.Compression;
using CortexMl.Diagnostics;
using CortexMl.Files;

namespace CortexMl.Tensors;

/// <summary>A .npz file: a zip archive of .npy entries, read one at a time.</summary>
public sealed class NpzReader : IDisposable
{
    private readonly ZipArchive _archive;
    private readonly long _limit;
    private readonly string _name;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.Ordinal);

    /// <exception cref="DiagnosticException">CML0101, CML0102, CML0104, CML0106.</exception>
    public NpzReader(string path) : this(InputFile.ReadAllBytes(path), InputFile.DisplayName(path))
    {
    }

    public NpzReader(byte[] bytes, string name)
    {
        _name = name;
        _limit = Math.Min(InputFile.UnpackedLimit(bytes.Length), TensorMemory.MostBytes);
        try
        {
            _archive = new ZipArchive(new MemoryStream(bytes), ZipArchiveMode.Read);
            var keys = new List<string>();
            foreach (var entry in _archive.Entries)
                if (_entries.TryAdd(KeyOf(entry), entry)) keys.Add(KeyOf(entry));
            Keys = keys;
        }
        catch (Exception error) when (error is InvalidDataException or IOException or ArgumentException)
        {
            throw new DiagnosticException(
                DiagnosticCodes.TensorMalformed, $"this is not a .npz file (a zip archive of .npy arrays): {error.Message}", new(name));
        }
    }

    /// <summary>Names of the arrays, without .npy, in the order of the archive.</summary>
    public IReadOnlyList<string> Keys { get; } = [];

    /// <exception cref="DiagnosticException">CML0105 no such array, CML0104 malformed, CML0106 it unpacks to too much.</exception>
    public Tensor Read(string key)
    {
        if (!_entries.TryGetValue(key, out var entry))
            throw new DiagnosticException(DiagnosticCodes.TensorMissing, $"there is no array '{key}'", new(_name),
                $"the file holds: {Listing.Of(Keys)}");
        if (entry.Length > _limit)
            throw new DiagnosticException(DiagnosticCodes.TooLarge,
                string.Create(CultureInfo.InvariantCulture,
                    $"array '{key}' unpacks to {Counted.Of(entry.Length, "byte")}; a file of this size may unpack to {_limit}"),
                    new(_name));
        var bytes = new byte[entry.Length];
        try
        {
            using var stream = entry.Open();
            stream.ReadExactly(bytes);
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            throw new DiagnosticException(
                DiagnosticCodes.TensorMalformed, $"array '{key}' cannot be unpacked: {error.Message}", new(_name));
        }
        return NpyReader.Read(bytes, $"{_name}[{key}]");
    }

    public void Dispose() => _archive.Dispose();

    private static string KeyOf(ZipArchiveEntry entry) =>
        entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : entry.FullName;
}

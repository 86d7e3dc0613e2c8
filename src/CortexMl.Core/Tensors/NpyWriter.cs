using System.IO.Compression;
using CortexMl.Files;

namespace CortexMl.Tensors;

/// <summary>Writes .npy files, version 1.0, C order, little-endian: the bytes that numpy.save writes.</summary>
public static class NpyWriter
{
    public static void Write(Stream stream, Tensor tensor)
    {
        stream.Write(NpyHeader.Write(tensor));
        stream.Write(tensor.Bytes);
    }

    /// <exception cref="Diagnostics.DiagnosticException">CML0103.</exception>
    public static void Write(string path, Tensor tensor) => AtomicFile.Write(path, stream => Write(stream, tensor));
}

/// <summary>
/// Writes .npz files whose bytes depend on the arrays alone: entries are stored uncompressed, in the given order, with a fixed time.
/// </summary>
public static class NpzWriter
{
    private static readonly DateTimeOffset ZipEpoch = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Stream stream, IEnumerable<(string Key, Tensor Tensor)> arrays)
    {
        using var archive = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (key, tensor) in arrays)
        {
            var entry = archive.CreateEntry(key + ".npy", CompressionLevel.NoCompression);
            entry.LastWriteTime = ZipEpoch;
            using var content = entry.Open();
            NpyWriter.Write(content, tensor);
        }
    }

    /// <exception cref="Diagnostics.DiagnosticException">CML0103.</exception>
    public static void Write(string path, IEnumerable<(string Key, Tensor Tensor)> arrays) =>
        AtomicFile.Write(path, stream => Write(stream, arrays));
}

using CortexMl.Diagnostics;
using CortexMl.Ir;
using CortexMl.Tensors;

namespace CortexMl.Text;

/// <summary>Opens a file of named tensors.</summary>
/// <param name="path">Path of an existing file.</param>
/// <returns>The tensor behind a key, or null where the file has no such key.</returns>
public delegate Func<string, Tensor?> TensorFileReader(string path);

/// <summary>
/// Finds <c>file("x.npz", "key")</c> in files beside the text that names them. .npz is read here; other formats come as readers by extension. Each
/// file is opened once. Digests are not looked up: a text that is to be read elsewhere names files.
/// </summary>
/// <param name="folder">Folder of the text.</param>
/// <param name="readers">Readers by extension in lower case, with its dot: <c>.params</c>.</param>
public sealed class TensorFiles(string folder, IReadOnlyDictionary<string, TensorFileReader>? readers = null) : ITensorResolver
{
    private const string Npz = ".npz";

    private readonly Dictionary<string, Func<string, Tensor?>?> _open = new(StringComparer.Ordinal);

    /// <exception cref="DiagnosticException">
    /// CML0312: the path leaves the folder; CML0102: no reader for the extension; or what the reader has to say about the file.
    /// </exception>
    public Tensor? File(string path, string key)
    {
        if (!_open.TryGetValue(path, out var tensors)) _open[path] = tensors = Open(path);
        return tensors?.Invoke(key);
    }

    public Tensor? Digest(string sha256) => null;

    private Func<string, Tensor?>? Open(string path)
    {
        if (!StaysInside(path))
            throw new DiagnosticException(DiagnosticCodes.UnsafePath, $"file {Quoted.Write(path)} is outside the folder of the text", hint: "paths are relative and without ..");
        string full = Path.Combine([folder, .. path.Split('/')]);
        string extension = Path.GetExtension(path).ToLowerInvariant();
        var reader = extension == Npz ? OpenNpz : readers?.GetValueOrDefault(extension);
        if (reader is null)
        {
            var known = (readers?.Keys ?? []).Append(Npz).Order(StringComparer.Ordinal);
            throw new DiagnosticException(DiagnosticCodes.FileUnreadable, $"'{extension}' is no format of tensors", new SourceLocation(Path.GetFileName(path)), $"known: {string.Join(", ", known)}");
        }
        return System.IO.File.Exists(full) ? reader(full) : null;
    }

    /// <summary>Only plain names between forward slashes: no root, no drive, no step up, on any system.</summary>
    private static bool StaysInside(string path) =>
        path.Length > 0 && path.IndexOfAny(['\\', ':', '\0']) < 0 && Array.TrueForAll(path.Split('/'), part => part is not ("" or "." or ".."));

    private static Func<string, Tensor?> OpenNpz(string path)
    {
        using var file = new NpzReader(path);
        var tensors = file.Keys.ToDictionary(k => k, file.Read, StringComparer.Ordinal);
        return tensors.GetValueOrDefault;
    }
}

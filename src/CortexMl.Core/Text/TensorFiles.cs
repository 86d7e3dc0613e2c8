using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Tensors;

namespace CortexMl.Text;

/// <summary>Opens a file of named tensors.</summary>
/// <param name="path">Path of an existing file.</param>
/// <returns>The tensor behind a key, or null where the file has no such key.</returns>
public delegate Func<string, Tensor?> TensorFileReader(string path);

/// <summary>
/// Finds <c>file("x.npz", "key")</c> in files beside the text that names them, each opened once. Digests are not looked up: a text that
/// is to be read elsewhere names files.
/// </summary>
/// <param name="folder">Folder of the text.</param>
/// <param name="reader">Opens a file of any known format; null where .npz is the only one.</param>
public sealed class TensorFiles(string folder, TensorFileReader? reader = null) : ITensorResolver
{
    private readonly Dictionary<string, Func<string, Tensor?>> _open = new(StringComparer.Ordinal);

    /// <exception cref="DiagnosticException">
    /// CML0312: the path leaves the folder, by itself or by a link; CML0101: there is no such file; or what the reader has to say about
    /// the file.
    /// </exception>
    public Tensor? File(string path, string key)
    {
        if (!_open.TryGetValue(path, out var tensors)) _open[path] = tensors = Open(path);
        return tensors(key);
    }

    public Tensor? Digest(string sha256) => null;

    private Func<string, Tensor?> Open(string path)
    {
        if (!RealPath.StaysInside(path))
            throw new DiagnosticException(
                DiagnosticCodes.UnsafePath, $"file {Quoted.Write(path)} is outside the folder of the text",
                hint: "paths are relative and without ..");
        string full = Path.Combine([folder, .. path.Split('/')]);
        if (!System.IO.File.Exists(full))
            throw new DiagnosticException(DiagnosticCodes.FileNotFound, $"there is no file {Quoted.Write(path)} beside the text",
                hint: "paths are relative to the text's own folder");
        if (!RealPath.IsInside(full, folder.Length == 0 ? "." : folder))
            throw new DiagnosticException(
                DiagnosticCodes.UnsafePath, $"file {Quoted.Write(path)} leads out of the folder of the text by a link, or nowhere",
                hint: "put the file itself there");
        return (reader ?? OpenNpz)(full);
    }

    private static Func<string, Tensor?> OpenNpz(string path)
    {
        using var file = new NpzReader(path);
        var tensors = file.Keys.ToDictionary(k => k, file.Read, StringComparer.Ordinal);
        return tensors.GetValueOrDefault;
    }
}

using CortexMl.Cvm.Params;
using CortexMl.Frontends.MxNet;
using CortexMl.Tensors;
using CortexMl.Text;

namespace CortexMl.Loading;

/// <summary>The files that a text names: MXNet and CVM parameters, .npz and .npy, relative to the text's folder. Each is read once.</summary>
public sealed class TensorFiles(string folder) : ITensorResolver
{
    private readonly Dictionary<string, Func<string, Tensor?>?> _files = new(StringComparer.Ordinal);

    public Tensor? File(string path, string key)
    {
        if (!_files.TryGetValue(path, out var find)) _files[path] = find = Open(Path.Combine(folder, path));
        return find?.Invoke(key);
    }

    /// <summary>A text alone does not say where such tensors are.</summary>
    public Tensor? Digest(string sha256) => null;

    private static Func<string, Tensor?>? Open(string path)
    {
        if (!System.IO.File.Exists(path)) return null;
        string name = InputFile.DisplayName(path);
        byte[] bytes = InputFile.ReadAllBytes(path);
        if (NpyReader.IsNpy(bytes))
        {
            var only = NpyReader.Read(bytes, name);
            return _ => only;
        }
        if (Path.GetExtension(name) == ".npz")
        {
            var archive = new NpzReader(bytes, name);
            return key => archive.Keys.Contains(key) ? archive.Read(key) : null;
        }
        if (CvmParams.IsParams(bytes)) return CvmParams.Read(bytes, name).GetValueOrDefault;
        return ParamsReader.Read(bytes, name).Find;
    }
}

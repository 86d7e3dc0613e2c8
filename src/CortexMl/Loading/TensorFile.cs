using CortexMl.Cvm.Params;
using CortexMl.Files;
using CortexMl.Frontends.MxNet.Read;
using CortexMl.Tensors;

namespace CortexMl.Loading;

/// <summary>The formats of tensors that a text may name: MXNet and CVM parameters, .npz and .npy, told apart by what is in them.</summary>
public static class TensorFile
{
    /// <summary>A <see cref="Text.TensorFileReader"/>.</summary>
    public static Func<string, Tensor?> Open(string path)
    {
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
        return MxNetParamsReader.Read(bytes, name).Find;
    }
}

using CortexMl.Cvm;
using CortexMl.Files;
using CortexMl.Loading;
using CortexMl.Shapes;

namespace CortexMl.GpuCheck;

/// <summary>Networks by name or folder.</summary>
internal static class Networks
{
    /// <param name="network">A seeded one, which is written to a temporary folder and read back; or the folder of another.</param>
    public static Model Load(string network)
    {
        if (!SeededModel.Networks.ContainsKey(network)) return ModelLoader.Load(network);
        string folder = Directory.CreateTempSubdirectory("cortexml-").FullName;
        try
        {
            string path = Path.Combine(folder, network);
            OutputFolder.Write(path, SeededModel.Make(network, batch: 1, size: 224, seed: 1).ToOutput());
            return ModelLoader.Load(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

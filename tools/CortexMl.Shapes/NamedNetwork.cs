using CortexMl.Cvm;
using CortexMl.Files;
using CortexMl.Loading;

namespace CortexMl.Shapes;

/// <summary>Networks by name or folder.</summary>
public static class NamedNetwork
{
    private const int Size = 224, Seed = 1;

    /// <param name="network">
    /// A seeded one for a single image of 224 by 224, written to a temporary folder and read back; or the folder of another.
    /// </param>
    /// <exception cref="Diagnostics.DiagnosticException">The folder is no network.</exception>
    public static Model Load(string network)
    {
        if (!SeededModel.Networks.ContainsKey(network)) return ModelLoader.Load(network);
        string folder = Directory.CreateTempSubdirectory("cortexml-").FullName;
        try
        {
            string path = Path.Combine(folder, network);
            OutputFolder.Write(path, SeededModel.Make(network, batch: 1, Size, Seed).ToOutput());
            return ModelLoader.Load(path);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

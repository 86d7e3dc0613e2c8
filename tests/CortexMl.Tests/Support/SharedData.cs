using Xunit;

namespace CortexMl.Tests.Support;

/// <summary>
/// Data of others that lie beside the repository, in <c>../shared/data</c>; tests that need them skip where they are absent.
/// </summary>
public static class SharedData
{
    public static string Folder(params string[] parts)
    {
        string folder = Path.Combine([Repository.Root, "..", "shared", "data", .. parts]);
        Skip.IfNot(Directory.Exists(folder), $"../shared/data/{string.Join('/', parts)} is absent");
        return folder;
    }
}

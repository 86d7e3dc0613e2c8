using CortexMl.Tests.Support;
using Xunit;

namespace CortexMl.Tests.Frontends.MxNet;

/// <summary>Models of others in ../shared/data/mxnet; tests that need them are skipped where they are absent.</summary>
internal static class Samples
{
    public static string Path(string name) => System.IO.Path.Combine(Folder(), name);

    public static IReadOnlyList<string> Files(string pattern) =>
        [.. Directory.EnumerateFiles(Folder(), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string Folder()
    {
        string data = Repository.Path("..", "shared", "data", "mxnet");
        Skip.IfNot(Directory.Exists(data), "../shared/data/mxnet is not there");
        return data;
    }
}

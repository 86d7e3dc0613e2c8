using Xunit;

namespace CortexMl.Tests.MxNetFrontend;

/// <summary>Models of others in ../shared/data/mxnet; tests that need them are skipped where they are absent.</summary>
internal static class Samples
{
    /// <summary>The folder of CortexMl.sln.</summary>
    public static readonly string Repository = FindRepository();

    public static string Path(string name) => System.IO.Path.Combine(Folder(), name);

    public static IReadOnlyList<string> Files(string pattern) =>
        [.. Directory.EnumerateFiles(Folder(), pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];

    private static string Folder()
    {
        string data = System.IO.Path.Combine(Repository, "..", "shared", "data", "mxnet");
        Skip.IfNot(Directory.Exists(data), "../shared/data/mxnet is not there");
        return data;
    }

    private static string FindRepository()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "CortexMl.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}

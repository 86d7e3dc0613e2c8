using Xunit;

namespace CortexMl.Tests.MxNetFrontend;

/// <summary>Models of others in ../shared/data/mxnet; tests that need them are skipped where they are absent.</summary>
internal static class Samples
{
    private static readonly string? Folder = Find();

    public static string Path(string name)
    {
        Skip.If(Folder is null, "../shared/data/mxnet is not there");
        return System.IO.Path.Combine(Folder!, name);
    }

    public static IReadOnlyList<string> Files(string pattern)
    {
        Skip.If(Folder is null, "../shared/data/mxnet is not there");
        return [.. Directory.EnumerateFiles(Folder!, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
    }

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (!File.Exists(System.IO.Path.Combine(folder.FullName, "CortexMl.sln"))) continue;
            string data = System.IO.Path.Combine(folder.FullName, "..", "shared", "data", "mxnet");
            return Directory.Exists(data) ? data : null;
        }
        return null;
    }
}

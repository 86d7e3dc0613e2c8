namespace CortexMl.Tests.Support;

/// <summary>Where the sources of the repository are, seen from the tests' output folder.</summary>
public static class Repository
{
    public static string Root { get; } = Find();

    public static string Path(params string[] parts) => System.IO.Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "CortexMl.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("the tests run inside a checkout of the repository");
    }
}

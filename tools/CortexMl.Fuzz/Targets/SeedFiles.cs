namespace CortexMl.Fuzz;

/// <summary>Finds the committed files to start from.</summary>
internal static class SeedFiles
{
    private static readonly string s_root = Root();

    public static string Folder(params string[] parts) => Path.Combine([s_root, .. parts]);

    /// <summary>All files of a folder whose names end so, in ordinal order.</summary>
    public static IReadOnlyList<Seed> Of(string folder, params string[] endings) =>
        [.. Directory.EnumerateFiles(folder).Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)))
            .Order(StringComparer.Ordinal).Select(file => new Seed(Path.GetFileName(file), File.ReadAllBytes(file)))];

    /// <summary>Pairs of files of folders; the second one stays whole.</summary>
    public static IReadOnlyList<Seed> Pairs(IEnumerable<string> folders, string changed, string companion) =>
        [.. folders.Where(folder => File.Exists(Path.Combine(folder, changed))).Order(StringComparer.Ordinal)
            .Select(folder =>
                new Seed(changed, File.ReadAllBytes(Path.Combine(folder, changed)), File.ReadAllBytes(Path.Combine(folder, companion))))];

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CortexMl.sln"))) return folder.FullName;
        throw new DirectoryNotFoundException("the fuzzer runs inside a checkout of the repository");
    }
}

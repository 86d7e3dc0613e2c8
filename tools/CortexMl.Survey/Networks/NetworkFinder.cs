namespace CortexMl.Survey.Networks;

/// <summary>A model file and the names that reports give to it.</summary>
/// <param name="Set">The folder that it was found in, in a word.</param>
public sealed record NetworkFile(string Set, string Name, string Path);

/// <summary>Model files of folders, in the order of their names.</summary>
public static class NetworkFinder
{
    private const string Symbol = "-symbol";

    /// <summary>Of the folder with the data of others: those that hold networks with weights.</summary>
    private static readonly string[] s_sets = ["onnx-wild", "field", "onnx", "mxnet"];

    /// <summary>All networks at hand: those of the repository, and of its data folder.</summary>
    /// <param name="root">The checkout; null where the program runs outside one.</param>
    /// <param name="data">Null where there is none.</param>
    public static IEnumerable<NetworkFile> AtHand(string? root, string? data)
    {
        var folders = new List<(string Set, string Path)>();
        if (root is not null) folders.Add(("golden", Path.Combine(root, "golden", "models")));
        if (data is not null) folders.AddRange(s_sets.Select(set => (set, Path.Combine(data, set))));
        return folders.Where(folder => Directory.Exists(folder.Path)).SelectMany(folder => In(folder.Path, folder.Set))
            .Where(network => !network.Name.StartsWith("symbols-only/", StringComparison.Ordinal));
    }

    /// <summary>The networks of a folder and those below.</summary>
    public static IEnumerable<NetworkFile> In(string folder, string set) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(IsModel).Order(StringComparer.Ordinal)
            .Select(path => new NetworkFile(set, Name(Path.GetRelativePath(folder, path).Replace('\\', '/')), path));

    /// <summary>
    /// Where the program looks for data when it is not told: <c>shared/data</c> beside the checkout that it was built in, or runs in.
    /// </summary>
    public static (string? Root, string? Data) Surroundings()
    {
        string? root = Checkout(AppContext.BaseDirectory) ?? Checkout(Environment.CurrentDirectory);
        string data = Path.Combine(root ?? ".", "..", "shared", "data");
        return (root, root is not null && Directory.Exists(data) ? Path.GetFullPath(data) : null);
    }

    /// <summary>Whether a network is meant by a name of the command line: its own, or a part of it between slashes.</summary>
    public static bool IsMeant(NetworkFile network, string name) =>
        $"/{network.Name}/".Contains($"/{name}/", StringComparison.Ordinal)
        || $"/{network.Name}/".Contains($"/{name}{Symbol}/", StringComparison.Ordinal);

    private static string? Checkout(string start)
    {
        for (var folder = new DirectoryInfo(start); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "CortexMl.sln"))) return folder.FullName;
        return null;
    }

    private static bool IsModel(string path) =>
        path.EndsWith(".onnx", StringComparison.Ordinal) || path.EndsWith($"{Symbol}.json", StringComparison.Ordinal);

    /// <summary>Its path without extension; of a folder with a single model of no name, the folder.</summary>
    private static string Name(string path)
    {
        string name = path[..^Path.GetExtension(path).Length];
        foreach (string plain in (string[])["/model", "/m" + Symbol])
            if (name.EndsWith(plain, StringComparison.Ordinal)) return name[..^plain.Length];
        return name;
    }
}

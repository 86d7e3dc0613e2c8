using System.Reflection;
using CortexMl.Tests.Support;

namespace CortexMl.Tests.Architecture;

/// <summary>The assemblies that users get, and the repository's text files.</summary>
internal static class Product
{
    private static readonly string[] s_madeByTools =
        ["bin", "obj", "out", ".git", ".vs", ".idea", ".vscode", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", "__pycache__"];

    private static readonly HashSet<string> s_binary =
        new(StringComparer.OrdinalIgnoreCase) { ".npy", ".npz", ".onnx", ".params", ".gz", ".png", ".jpg", ".bin" };

    public static IReadOnlyList<Assembly> Assemblies { get; } =
    [
        .. new[]
        {
            "CortexMl.Core", "CortexMl.Frontends", "CortexMl.Data", "CortexMl.Cvm", "CortexMl.Chain", "CortexMl.Engines", "CortexMl.Passes",
            "CortexMl.Library", "CortexMl.Evm", "CortexMl.Testing", "CortexMl.Serve", "cortexml",
        }
            .Select(Assembly.Load),
    ];

    /// <summary>Paths of the text files, from the root, with <c>/</c>; build outputs left out.</summary>
    public static IReadOnlyList<string> TextFiles(string extension = "") =>
        [.. Below(Repository.Root).Where(f => f.EndsWith(extension, StringComparison.Ordinal) && !s_binary.Contains(Path.GetExtension(f)))
            .Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Below(string folder) =>
    [
        .. Directory.EnumerateFiles(folder).Where(f => Path.GetFileName(f) != ".git")
            .Select(f => Path.GetRelativePath(Repository.Root, f).Replace('\\', '/')),
        .. Directory.EnumerateDirectories(folder).Where(d => !s_madeByTools.Contains(Path.GetFileName(d), StringComparer.Ordinal))
            .SelectMany(Below),
    ];
}

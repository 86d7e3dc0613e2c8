using System.Security.Cryptography;
using CortexMl.Benchmarks;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Reports;

namespace CortexMl.Pages;

/// <summary>All that a page of a compilation is made of.</summary>
/// <param name="Graph">As read from symbol and params; null where the compilation has none.</param>
/// <param name="Files">Of the result, with their digests.</param>
/// <param name="Times">How fast it ran on some machine; null for a page without times.</param>
internal sealed record PageSource(CompileReport Report, Graph? Graph, IReadOnlyList<FileDigest> Files, BenchReport? Times = null)
{
    /// <summary>Layers of the network in the order in which they are computed, with what each costs.</summary>
    public IReadOnlyList<LayerCost> Layers { get; } = LayerCost.Of(Report.Details?.Operations ?? []);

    /// <summary>Noise in the order of the network; values of which the order is not known stand behind.</summary>
    public IReadOnlyList<NodeNoise> NoiseInOrder { get; } = InOrder(Report);

    private static IReadOnlyList<NodeNoise> InOrder(CompileReport report)
    {
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in (report.Details?.Distributions ?? []).Select(d => d.Name)) places.TryAdd(name, places.Count);
        var layers = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string name in (report.Details?.Operations ?? []).Select(o => o.Layer)) layers.TryAdd(name, layers.Count);
        bool isKnown = report.Noise.All(n => places.ContainsKey(n.Name));
        var order = isKnown ? places : layers;
        return [.. report.Noise.OrderBy(n => n.Output is not null).ThenBy(n => order.GetValueOrDefault(n.Name, int.MaxValue))];
    }
}

/// <summary>What all operations of one layer cost together.</summary>
/// <param name="Operators">How often each stands in it, as people read it.</param>
internal sealed record LayerCost(string Layer, string Operators, long Gas, long Bytes)
{
    public static IReadOnlyList<LayerCost> Of(IReadOnlyList<OperationCost> operations) =>
    [
        .. operations.GroupBy(o => o.Layer, StringComparer.Ordinal)
            .Select(layer => new LayerCost(layer.Key, Spelled(layer), layer.Sum(o => o.Gas), layer.Sum(o => o.Bytes))),
    ];

    private static string Spelled(IEnumerable<OperationCost> operations) => string.Join(", ",
        operations.GroupBy(o => o.Operator, StringComparer.Ordinal)
            .Select(g => g.Count() == 1 ? g.Key : $"{Figures.Whole(g.Count())} {g.Key}"));
}

/// <summary>A file of a result.</summary>
/// <param name="Sha256">In lower-case hexadecimal digits.</param>
internal sealed record FileDigest(string Name, long Size, string Sha256)
{
    /// <summary>Those that nobody edits and that say nothing of each other: report.json and its page are left out.</summary>
    public static IReadOnlyList<FileDigest> Of(IReadOnlyList<OutputFile> files) => Sorted(files.Where(f => !f.IsEditable).Select(Of));

    private static FileDigest Of(OutputFile file)
    {
        using var stream = new MemoryStream();
        file.Write(stream);
        byte[] bytes = stream.ToArray();
        return new FileDigest(file.Name, bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>The same of a folder, as its manifest has them.</summary>
    public static IReadOnlyList<FileDigest> Of(FolderManifest? manifest) =>
        Sorted((manifest ?? FolderManifest.Empty).Files.Select(f => new FileDigest(f.Key, f.Value.Size, f.Value.Sha256)));

    private static IReadOnlyList<FileDigest> Sorted(IEnumerable<FileDigest> files) =>
    [
        .. files.Where(f => f.Name is not (CompileReport.FileName or ReportPage.FileName)).OrderBy(f => f.Name, StringComparer.Ordinal),
    ];
}

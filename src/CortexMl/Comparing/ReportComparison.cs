using System.Text.Json.Serialization;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Pages;
using CortexMl.Reports;

namespace CortexMl.Comparing;

/// <summary>One figure of two compilations.</summary>
/// <param name="Unit">Of both: nothing for counts, <c>share</c> (0 to 1), <c>dB</c> or <c>bytes</c>.</param>
/// <param name="First">Null where that compilation does not tell.</param>
public sealed record ComparedFigure(string Name, string Unit, bool HigherIsBetter, double? First, double? Second)
{
    /// <summary>1 where the second is better, -1 where it is worse, 0 where they are the same or one is not known.</summary>
    public int Verdict => First is not { } first || Second is not { } second ? 0 : Math.Sign(second - first) * (HigherIsBetter ? 1 : -1);

    /// <summary>The first, as people read it.</summary>
    [JsonIgnore]
    public string FirstText => Pages.Figures.In(Unit, First);

    /// <summary>The second, as people read it.</summary>
    [JsonIgnore]
    public string SecondText => Pages.Figures.In(Unit, Second);

    /// <summary>What the second has more than the first: shares in points, counts in percent.</summary>
    [JsonIgnore]
    public string ChangeText => Pages.Figures.Change(this);
}

/// <summary>What one value of the network became in two compilations; null where a compilation does not tell.</summary>
public sealed record ComparedLayer(string Name, LayerFacts? First, LayerFacts? Second);

/// <summary>What is told of one value of the network.</summary>
/// <param name="Gas">Of the operations that compute it.</param>
/// <param name="Bytes">Of their constants.</param>
/// <param name="Decibels">Signal to noise; infinity where there is no noise.</param>
/// <param name="Threshold">That calibration chose.</param>
public sealed record LayerFacts(long? Gas, long? Bytes, double? Decibels, double? Threshold);

/// <summary>A file that two compiled folders have.</summary>
/// <param name="IsSame">Whether its bytes are the same.</param>
public sealed record ComparedFile(string Name, bool IsSame);

/// <summary>Two compilations beside each other, by what their reports say.</summary>
/// <param name="OnlyFirst">Passes, with their options, that ran in the first alone.</param>
/// <param name="OnlySecond">Those that ran in the second alone.</param>
public sealed record ReportComparison(
    string First, string Second, IReadOnlyList<ComparedFigure> Figures, IReadOnlyList<ComparedLayer> Layers,
    IReadOnlyList<string> OnlyFirst, IReadOnlyList<string> OnlySecond)
{
    /// <summary>The version of the form.</summary>
    [JsonPropertyOrder(-1)]
    public int Format { get; } = 1;

    /// <summary>Files that both folders have.</summary>
    public IReadOnlyList<ComparedFile> Files { get; init; } = [];

    /// <exception cref="DiagnosticException">What <see cref="ReportFolder.Read"/> finds.</exception>
    public static ReportComparison OfFolders(string first, string second)
    {
        CompileReport one = ReportFolder.Read(first), other = ReportFolder.Read(second);
        var (files, others) = (FolderManifest.Read(first)?.Files ?? [], FolderManifest.Read(second)?.Files ?? []);
        var (a, b) = (InputFile.DisplayName(first), InputFile.DisplayName(second));
        if (a == b) (a, b) = ($"{a} (first)", $"{b} (second)");
        return Of(a, one, b, other) with
        {
            Files = [.. files.Where(f => others.ContainsKey(f.Key)).Select(f => new ComparedFile(f.Key, f.Value == others[f.Key]))],
        };
    }

    /// <param name="first">What the first is called.</param>
    public static ReportComparison Of(string first, CompileReport one, string second, CompileReport other)
    {
        var (a, b) = (LayersOf(one), LayersOf(other));
        string[] names = [.. a.Keys.Concat(b.Keys).Distinct(StringComparer.Ordinal)];
        string[] ran = [.. one.Passes.Select(p => p.Pass)], runs = [.. other.Passes.Select(p => p.Pass)];
        return new(
            First: first, Second: second, Figures: [.. Compared(one, other)],
            Layers: [.. names.Select(name => new ComparedLayer(name, a.GetValueOrDefault(name), b.GetValueOrDefault(name)))],
            OnlyFirst: [.. ran.Except(runs, StringComparer.Ordinal)], OnlySecond: [.. runs.Except(ran, StringComparer.Ordinal)]);
    }

    /// <summary>How much is another, in a line.</summary>
    [JsonIgnore]
    public string Summary
    {
        get
        {
            string layers = Counted.Part(Layers.Count(l => l.First != l.Second), Layers.Count, "value", "differs", "differ");
            string[] other = [.. Files.Where(f => !f.IsSame).Select(f => f.Name)];
            string passes = OnlyFirst.Count + OnlySecond.Count == 0 ? "the same passes"
                : $"other passes: {Listing.Of([.. OnlyFirst, .. OnlySecond])}";
            return $"{layers}; {passes}; {(other.Length == 0 ? "the same bytes in all files" : $"other bytes in {Listing.Of(other)}")}";
        }
    }

    /// <summary>A page that loads nothing.</summary>
    public string ToHtml() => ComparisonPage.Text(this);

    private static IEnumerable<ComparedFigure> Compared(CompileReport one, CompileReport other)
    {
        foreach (string level in (string[])["float", "integer"])
        {
            double? a = Top1(one, level), b = Top1(other, level);
            if (a is not null || b is not null) yield return new($"{level} top-1", "share", true, a, b);
        }
        if (one.Accuracy?.Agreement is not null || other.Accuracy?.Agreement is not null)
            yield return new("agreement", "share", true, one.Accuracy?.Agreement, other.Accuracy?.Agreement);
        if (one.Noise.Count + other.Noise.Count > 0)
            yield return new("noisiest output", "dB", true, Decibels(one), Decibels(other));
        yield return new("gas", "", false, one.Gas, other.Gas);
        yield return new("symbol + params", "bytes", false, one.Bytes, other.Bytes);
        yield return new("storage", "bytes", false, one.Storage, other.Storage);
        yield return new("operations", "", false, one.Operations, other.Operations);
        yield return new("parameters", "", false, one.Parameters, other.Parameters);
    }

    private static double? Top1(CompileReport report, string level) => report.Accuracy?.Results.FirstOrDefault(r => r.Level == level)?.Top1;

    private static double? Decibels(CompileReport report) => report.Noise.FirstOrDefault(n => n.Output is not null)?.NoiseRatio;

    private static Dictionary<string, LayerFacts> LayersOf(CompileReport report)
    {
        var layers = new Dictionary<string, LayerFacts>(StringComparer.Ordinal);
        foreach (var value in report.Details?.Distributions ?? []) Set(value.Name, facts => facts with { Threshold = value.Threshold });
        foreach (var layer in LayerCost.Of(report.Details?.Operations ?? []))
            Set(layer.Layer, facts => facts with { Gas = layer.Gas, Bytes = layer.Bytes });
        foreach (var node in report.Noise)
            Set(node.Name, facts => facts with { Decibels = node.NoiseRatio ?? double.PositiveInfinity });
        return layers;

        void Set(string name, Func<LayerFacts, LayerFacts> change) =>
            layers[name] = change(layers.GetValueOrDefault(name) ?? new LayerFacts(null, null, null, null));
    }
}

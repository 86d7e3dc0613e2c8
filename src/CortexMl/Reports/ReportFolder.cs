using System.Text.Json;
using CortexMl.Benchmarks;
using CortexMl.Diagnostics;
using CortexMl.Files;
using CortexMl.Ir;
using CortexMl.Loading;
using CortexMl.Pages;

namespace CortexMl.Reports;

/// <summary>What a folder of <c>cortexml compile</c> tells of its own compilation.</summary>
public static class ReportFolder
{
    /// <summary>The page beside report.json.</summary>
    public const string PageName = ReportPage.FileName;

    /// <exception cref="DiagnosticException">
    /// CML0925: the folder has no report, or one that cannot be read; CML0107, CML0108: its files do not belong together.
    /// </exception>
    public static CompileReport Read(string folder, bool acceptsEdited = false)
    {
        ModelLoader.CheckThere(folder);
        string path = Path.Combine(folder, CompileReport.FileName);
        if (!File.Exists(path))
            throw new DiagnosticException(LibraryCodes.ModelIo, "the folder does not say how it was compiled",
                new SourceLocation(InputFile.DisplayName(folder)), $"{CompileReport.FileName} of cortexml compile does");
        return FolderManifest.Guard(folder, acceptsEdited, () => Parse(InputFile.ReadAllText(path), InputFile.DisplayName(path)));
    }

    /// <summary>The page of a folder's report, as compiling writes it; with times, where the folder was measured, in it.</summary>
    /// <param name="times">Of this folder on some machine; null for the page that is the same everywhere.</param>
    /// <exception cref="DiagnosticException">As <see cref="Read"/>, and what reading the model finds.</exception>
    public static string Page(string folder, BenchReport? times = null, ModelOptions? options = null)
    {
        var report = Read(folder, options?.AcceptsEdited == true);
        var graph = report.Restored is null ? ModelLoader.Load(folder, options).Graph : null;
        return ReportPage.Text(new(report, graph, FileDigest.Of(FolderManifest.Read(folder)), times));
    }

    /// <summary>Measured groups with the network's own names of what they compute; as they are where no report tells.</summary>
    /// <param name="graph">That was measured.</param>
    /// <param name="folder">Where it was read from.</param>
    /// <param name="notes">Receives what is wrong with its report: names are for people, and times are right without them.</param>
    public static BenchReport WithLayers(BenchReport measured, Graph graph, string folder, DiagnosticBag notes)
    {
        if (!File.Exists(Path.Combine(folder, CompileReport.FileName))) return measured;
        try
        {
            return LayerNames.In(measured, graph, Read(folder, acceptsEdited: true));
        }
        catch (DiagnosticException error)
        {
            notes.AddRange(error.Diagnostics.Select(d => d with { Severity = Severity.Warning }));
            return measured;
        }
    }

    private static CompileReport Parse(string text, string name)
    {
        string problem = "it lacks what every report has";
        try
        {
            using var json = JsonDocument.Parse(text);
            if (HoldsNothing(json.RootElement)) problem = "a list holds null";
            else if (Version(json.RootElement) is not (null or "1") and var format) problem = $"format {format} is not read; 1 is";
            else if (JsonText.Read<CompileReport>(text) is { } report && IsWhole(report)) return report;
        }
        catch (JsonException error)
        {
            problem = JsonProblem.Of(error);
        }
        throw new DiagnosticException(LibraryCodes.ModelIo, $"the file cannot be read: {problem}", new SourceLocation(name),
            "compile the model again");
    }

    /// <summary>Null in files of before it was told.</summary>
    private static string? Version(JsonElement report) => report.ValueKind == JsonValueKind.Object
        && report.TryGetProperty(JsonText.FormatMember, out var format) ? format.GetRawText() : null;

    /// <summary>No list that is written holds null.</summary>
    private static bool HoldsNothing(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => element.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.Null || HoldsNothing(item)),
        JsonValueKind.Object => element.EnumerateObject().Any(member => HoldsNothing(member.Value)),
        _ => false,
    };

    private static bool IsWhole(CompileReport report) =>
        report is { Model: not null, Pipeline: not null, Calibration: not null, Preparation: not null }
        && report is { Inputs: not null, Outputs: not null, Passes: not null, Noise: not null, Diagnostics: not null }
        && report.Inputs.Concat(report.Outputs).All(p => p is { Name: not null, Shape: not null })
        && report.Passes.All(p => p.Pass is not null) && report.Noise.All(n => n.Name is not null)
        && IsWhole(report.Accuracy) && IsWhole(report.Details);

    private static bool IsWhole(Evaluating.Evaluation? accuracy) => accuracy is null
        || (accuracy.Results?.All(r => r is { Level: not null, Engine: not null }) == true
            && (accuracy.Classes ?? []).All(c => c.Top1 is not null) && (accuracy.Confusion ?? []).All(c => c.Samples is not null)
            && accuracy.Metric is null or { Name: not null, Unit: not null, Against: not null, Results: not null }
            && (accuracy.Metric?.Results ?? []).All(r => r is { Level: not null, Figures: not null }));

    private static bool IsWhole(CompileDetails? details) => details is null
        || (details is { Operations: not null, Sums: not null, Distributions: not null, Differing: not null }
            && details.Operations.All(o => o is { Value: not null, Operator: not null, Layer: not null })
            && details.Sums.All(s => s is { Value: not null, Operator: not null, Layer: not null })
            && details.Distributions.All(d => d is { Name: not null, Bars: not null }) && details.Differing.All(d => d.Name is not null));
}

using CortexMl.Diagnostics;
using CortexMl.Reports;

namespace CortexMl.Pages;

/// <summary>The figures that one looks at first, and what the compiler had to say.</summary>
internal static class OverviewSection
{
    public static Html Of(PageSource page)
    {
        var report = page.Report;
        var outputs = report.Noise.Where(n => n.Output is not null).ToList();
        var tiles = new List<Html>();
        foreach (var result in report.Accuracy?.Results.Where(r => r.Top1 is not null) ?? [])
            tiles.Add(Tile($"{result.Level} top-1", Figures.Share(result.Top1), $"of {Samples(report)}"));
        if (report.Accuracy?.Agreement is { } agreement)
            tiles.Add(Tile("agreement", Figures.Share(agreement), "the same class in float and integers"));
        if (outputs.Count > 0)
            tiles.Add(Tile("signal to noise", Figures.Decibels(outputs[0].NoiseRatio), $"noisiest output: {outputs[0].Output}"));
        if (report.Restored is null)
        {
            tiles.Add(Tile("gas", Figures.Short(report.Gas), $"{Figures.Whole(report.Gas)} for one inference"));
            tiles.Add(Tile("symbol + params", Figures.Bytes(report.Bytes), Counted.Grouped(report.Bytes, "byte")));
            tiles.Add(Tile("storage", Figures.Bytes(report.Storage), "that the runtime reserves"));
        }
        tiles.Add(Tile("layers", Figures.Whole(report.Layers), $"in {Counted.Grouped(report.Operations, "operation")}"));
        tiles.Add(Tile("parameters", Figures.Short(report.Parameters), Counted.Grouped(report.Parameters, "integer")));
        if (page.Times is { } times) tiles.Add(Tile("time", Figures.Milliseconds(times.MedianMs), times.Engine));
        return Html.Of($"<div class=\"tiles\">{tiles}</div>\n{Facts(report)}{Told(report)}");
    }

    private static Html Tile(string name, string value, string note) =>
        Html.Of($"<div class=\"tile\"><span>{name}</span><b>{value}</b><small>{note}</small></div>\n");

    private static Html Facts(CompileReport report)
    {
        (string Name, string Value)[] facts =
        [
            ("inputs", Ports(report.Inputs)), ("outputs", Ports(report.Outputs)), ("calibrated on", report.Calibration),
            ("preparation", report.Preparation),
        ];
        return Html.Of($"<dl>{facts.Where(f => f.Value.Length > 0).Select(f => Html.Of($"<dt>{f.Name}</dt><dd>{f.Value}</dd>"))}</dl>\n");
    }

    private static string Ports(IReadOnlyList<ModelPort> ports) => Listing.Of(
        [.. ports.Select(p => $"{p.Name} [{string.Join(", ", p.Shape.Select(d => Figures.Whole(d)))}] in {Bits(p)}")]);

    private static string Bits(ModelPort port) => Counted.Of(port.Precision, "bit");

    private static Html Told(CompileReport report)
    {
        if (report.Diagnostics.Count == 0) return Html.Empty;
        var lines = report.Diagnostics.Take(PageTable.Most).Select(line =>
        {
            string kind = line.StartsWith("warning", StringComparison.Ordinal) ? "warning" : "notice";
            string[] parts = line.Trim().Split('\n');
            var below = parts.Skip(1).Select(part => Html.Of($"<small>{part.Trim()}</small>"));
            return Html.Of($"<li class=\"{kind}\">{parts[0]}{below}</li>\n");
        });
        return Html.Of($"<ul class=\"told\">{lines}</ul>\n");
    }

    private static string Samples(CompileReport report) => Counted.Grouped(report.Accuracy!.Count, "sample");
}

using System.Globalization;
using CortexMl.Benchmarks;
using CortexMl.Diagnosing;
using CortexMl.Diagnostics;
using CortexMl.Evaluating;
using CortexMl.Reports;
using CortexMl.Running;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

/// <summary>Tables for people, on the error stream.</summary>
internal static class Tables
{
    private const int NoisiestShown = 5, LargestShown = 10;

    public static void Show(IAnsiConsole console, CompileReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(Cell(report.Model)).AddColumn("").HideHeaders();
        void Row(string name, string value) => table.AddRow(Cell(name), Cell(value));
        Row("model", report.Model);
        Row("layers", Number(report.Layers));
        Row("operations", Number(report.Operations));
        Row("parameters", Number(report.Parameters));
        if (report.Restored is null)
        {
            Row("symbol + params", Counted.Grouped(report.Bytes, "byte"));
            Row("gas", Number(report.Gas));
            Row("storage", Counted.Grouped(report.Storage, "byte"));
        }
        if (report.Calibration.Length > 0) Row("calibrated on", report.Calibration);
        foreach (var result in (report.Accuracy?.Results ?? []).Where(r => report.Accuracy?.Metric is null || r.Top1 is not null))
            Row($"{result.Level} top-1", Share(result.Top1) + (result.Top5 is null ? "" : $"  (top-5 {Share(result.Top5)})"));
        if (report.Accuracy is { Agreement: { } agreement, Count: var count })
            Row("agreement", $"{Share(agreement)} of {Counted.Grouped(count, "sample")}");
        if (report.Accuracy?.Metric is { } metric) MetricTables.Add(metric, Row);
        if (report.Restored is { } restored) RestoreTables.Add(restored, Row);
        foreach (var node in report.Restored is null ? report.Noise.Take(NoisiestShown) : [])
            Row("noisiest: " + node.Name,
                string.Create(CultureInfo.InvariantCulture,
                $"{(node.NoiseRatio is { } ratio ? $"{ratio:F1} dB" : "exact")}, cosine {node.Cosine:F4}, ")
                + string.Create(CultureInfo.InvariantCulture, $"largest error {node.MaxError:G4}"));
        console.Write(table);
        if (report.Restored?.Each is { } each) RestoreTables.Show(console, each);
        if (report.Search is { } search) SearchTables.Show(console, search);
    }

    public static void Show(IAnsiConsole console, Evaluation evaluation)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("model", "level", "engine");
        bool ranks = evaluation.Metric is null || evaluation.Results.Any(r => r.Top1 is not null);
        if (ranks) table.AddColumns("top-1", "top-5");
        foreach (string column in MetricTables.Columns(evaluation.Metric)) table.AddColumn(Cell(column));
        foreach (var (i, r) in evaluation.Results.Index())
        {
            IEnumerable<string> shares = ranks ? [Share(r.Top1), Share(r.Top5)] : [];
            table.AddRow([Cell(r.Model), r.Level, r.Engine, .. shares, .. MetricTables.Cells(evaluation.Metric, i)]);
        }
        console.Write(table);
        if (evaluation.Metric is { } metric) console.Write(new Spectre.Console.Text($"{MetricTables.Told(metric)}\n"));
        if (evaluation.Classes is { } classes) console.Write(ByClass(evaluation, classes));
        if (evaluation.Confusion is { Count: > 0 } confusion) console.Write(Confused(evaluation, confusion));
        string agreement = evaluation.Agreement is { } share ? $", the models agree on {Share(share)}" : "";
        console.Write(new Spectre.Console.Text($"{Counted.Grouped(evaluation.Count, "sample")}{agreement}\n"));
    }

    public static void Show(IAnsiConsole console, DoctorReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("preparation", "options", "labels", "top-1");
        foreach (var f in report.Findings.Append(report.Given).DistinctBy(f => (f.Options, f.Labels)))
            table.AddRow(Markup.Escape(f.Preparation), Markup.Escape(f.Options), Markup.Escape(f.Labels ?? ""), Share(f.Top1));
        console.Write(table);
        console.Write(new Spectre.Console.Text($"{Counted.Grouped(report.Samples, "sample")}: {report.Verdict}\n"));
    }

    public static void Show(IAnsiConsole console, BenchReport report)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumn(Cell(report.Model)).AddColumn("").HideHeaders();
        void Row(string name, FormattableString value) => table.AddRow(Cell(name), Cell(value.ToString(CultureInfo.InvariantCulture)));
        Row("model", $"{report.Model}, batch {report.Batch}");
        Row("engine", $"{report.Engine}, {Counted.Of(report.Threads, "thread")}");
        Row("median",
            $"{report.MedianMs:F3} ms of {Counted.Of(report.Runs, "run")} ({Spread(report.LowMs, report.HighMs, report.MinMs)})");
        Row("speed", $"{report.ImagesPerSecond:F1} images/s, {report.Gops:F1} GOP/s");
        if (report.PeakGops is { } peak)
            Row("register peak", $"{peak:F1} GOP/s a thread; products at {report.MedianOfPeak ?? 0:P0} of it (median of groups)");
        Row("prepare", $"{report.PrepareMs:F0} ms");
        Row("peak memory", $"{Counted.Grouped(report.PeakBytes, "byte")}, bound {Number(report.BoundBytes)}");
        foreach (var peer in report.Against)
            Row(peer.Name,
                $"{peer.MedianMs:F3} ms ({Spread(peer.LowMs, peer.HighMs, peer.MinMs)}): {peer.Ratio:F2} times as long");
        if (report.Scaling is { } scaling)
            Row("threads",
                $"{scaling.Engine:F2} times as fast as one; a loop in registers: {scaling.Registers:F2} times; {scaling.Ratio:P0} of it");
        foreach (var group in report.Groups.OrderByDescending(g => g.Share).Take(LargestShown))
            Row(group.Layer is { } layer ? $"{layer} (%{group.Value})" : "%" + group.Value,
                $"{group.Milliseconds:F3} ms, {group.Share:P1}{Rate(group)}");
        console.Write(table);

        static string Rate(GroupShare group) => (group.Gops, group.OfPeak) switch
        {
            ({ } gops, { } share) => string.Create(CultureInfo.InvariantCulture, $"; {gops:F0} GOP/s, {share:P0} of the peak"),
            ({ } gops, null) => string.Create(CultureInfo.InvariantCulture, $"; {gops:F0} GOP/s"),
            _ => "",
        };

        static string Spread(double low, double high, double least) =>
            string.Create(CultureInfo.InvariantCulture, $"quartiles {low:F3} and {high:F3}, least {least:F3}");
    }

    /// <summary>Text from outside in a table.</summary>
    public static string Cell(string text) => Markup.Escape(Printable.Name(text));

    private static Table ByClass(Evaluation evaluation, IReadOnlyList<ClassResult> classes)
    {
        bool hasNames = classes.Any(c => c.Name is not null);
        string[] name = hasNames ? ["name"] : [];
        var table = new Table().Border(TableBorder.Rounded).AddColumns(["class", .. name, "samples"]);
        foreach (var result in evaluation.Results) table.AddColumn($"{result.Level} top-1");
        // The worst first: they are what one looks for.
        foreach (var c in classes.OrderBy(c => c.Top1[0]).ThenBy(c => c.Class).Take(LargestShown))
        {
            string[] named = hasNames ? [Cell(c.Name ?? "")] : [];
            table.AddRow([Number(c.Class), .. named, Number(c.Samples), .. c.Top1.Select(s => Share(s))]);
        }
        return table;
    }

    private static Table Confused(Evaluation evaluation, IReadOnlyList<ConfusedClasses> confusion)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("class", "taken for");
        foreach (var result in evaluation.Results) table.AddColumn($"by the {result.Level} network");
        foreach (var pair in confusion.Take(LargestShown))
            table.AddRow([Named(pair.Label, pair.LabelName), Named(pair.Class, pair.ClassName), .. pair.Samples.Select(n => Number(n))]);
        return table;

        static string Named(int index, string? name) => name is null ? Number(index) : $"{Number(index)} {Cell(name)}";
    }

    public static string Share(double? share) => share is { } s ? s.ToString("P2", CultureInfo.InvariantCulture) : "no labels";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}

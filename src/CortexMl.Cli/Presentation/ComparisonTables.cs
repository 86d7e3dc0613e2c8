using System.Globalization;
using CortexMl.Comparing;
using CortexMl.Diagnostics;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

/// <summary>What comparisons found, for people, on the error stream.</summary>
internal static class ComparisonTables
{
    public static void Show(IAnsiConsole console, ComparisonReport report)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("value", "made by", "dB", "cosine", "largest error", "at limits", "");
        foreach (var n in report.Nodes)
            table.AddRow(
                Tables.Cell(n.Name), Tables.Cell(n.Operation),
                n.NoiseRatio is { } ratio ? Text($"{ratio:F1}") : "exact", Text($"{n.Cosine:F4}"),
                n.MaxError is { } error ? Text($"{error:G4}") : "scale fitted", Text($"{n.Saturated:P1}"), Mark(report, n));
        console.Write(table);
        console.Write(new Spectre.Console.Text(Verdict(report) + "\n"));
    }

    /// <summary>The sentence that names the first bad node.</summary>
    public static string Verdict(ComparisonReport report)
    {
        string nodes = Counted.Of(report.Nodes.Count, "value"), samples = Counted.Of(report.Samples, "sample");
        if (report.FirstBad is not { } name) return Text($"{nodes} on {samples}: none below {report.Limit:0.#} dB");
        var bad = report.Nodes.First(n => n.IsBad);
        int rest = report.Nodes.Count(n => n.IsBad) - 1;
        string more = rest == 0 ? "" : Text($", and {Counted.Of(rest, "value")} behind it");
        return Text($"first bad node: '{Printable.Name(name)}', made by {bad.Operation}, {bad.NoiseRatio:F1} dB{more} ")
            + Text($"(limit {report.Limit:0.#} dB, {samples})");
    }

    private static string Mark(ComparisonReport report, NodeDifference node) =>
        node.IsBad ? node == report.Nodes.First(n => n.IsBad) ? "[red]first bad[/]" : "bad" : node.IsOutput ? "output" : "";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

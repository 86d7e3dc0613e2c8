using System.Globalization;
using System.Net;
using System.Text;
using CortexMl.Files;
using CortexMl.Numerics;
using CortexMl.Survey.Networks;

namespace CortexMl.Survey.Reporting;

/// <summary>One HTML page, without scripts or other files: plots, then the table.</summary>
public static class SurveyPage
{
    private const double MostDecibels = 60, LeastAgreement = 90;

    private const string Style = "body{font:14px sans-serif;margin:2em;max-width:75em}table{border-collapse:collapse}"
        + "td,th{padding:.15em .6em;text-align:right;border-bottom:1px solid #ddd}td.t,th.t{text-align:left}tr.low td{background:#fee}";

    private static readonly (string Title, Func<NetworkRow, string> Cell)[] s_columns =
    [
        ("data", row => row.Data), ("samples", row => Numbers.Format(row.Samples)),
        ("float", row => NetworkTable.Percent(row.Classes?.Float)), ("integer", row => NetworkTable.Percent(row.Classes?.Integer)),
        ("agreement", row => NetworkTable.Percent(row.Agreement)), ("p", row => NetworkTable.Probability(row.Classes?.P)),
        ("metric", NetworkTable.MetricOf), ("operators", row => Numbers.Format(row.Operators)),
        ("gas", row => row.Gas.ToString("N0", CultureInfo.InvariantCulture)),
        ("params", row => row.ParamsBytes.ToString("N0", CultureInfo.InvariantCulture)),
        ("seconds", row => row.Seconds.ToString("F1", CultureInfo.InvariantCulture)),
        ("MB", row => Numbers.Format(row.PeakBytes >> 20)),
    ];

    /// <exception cref="Diagnostics.DiagnosticException">CML0103: it cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<NetworkRow> rows, IReadOnlyList<NetworkRow> before) =>
        AtomicFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(Html(rows, before))));

    /// <param name="before">Of an earlier survey; empty where there is none.</param>
    public static string Html(IReadOnlyList<NetworkRow> rows, IReadOnlyList<NetworkRow> before)
    {
        var usual = rows.Where(row => row.Variant == NetworkRow.Default).ToList();
        var measured = usual.Where(row => row.IsMeasured).ToList();
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Survey</title>");
        page.Append($"<style>{Style}</style></head><body>\n");
        page.Append("<h1>Float networks and what they were compiled to</h1>\n");
        if (before.Count > 0) page.Append("<p>Blue: now. Grey: before.</p>\n");
        Plot("Signal to noise of the worst output, dB", [.. measured.Select(Worst)], 0, MostDecibels);
        Plot("Samples for which both name the same class, %", [.. measured.Where(row => row.Agreement is not null).Select(Agreement)],
            LeastAgreement, 100);
        Plot("Techniques switched: mean change of the worst output, dB",
            [.. Technique.All.Select(t => TechniqueWorth.Of(t, rows)).OfType<TechniqueWorth>().Select(Worth)], -12, 12);
        page.Append("<h2>All figures</h2>\n<table><tr><th class=\"t\">network</th><th>worst dB</th>");
        if (before.Count > 0) page.Append("<th>before</th>");
        foreach (var (title, _) in s_columns) page.Append($"<th>{title}</th>");
        page.Append("<th class=\"t\">outputs, dB</th></tr>\n");
        foreach (var row in rows) page.Append(Line(row, Earlier(row), before.Count > 0));
        return page.Append("</table></body></html>\n").ToString();

        NetworkRow? Earlier(NetworkRow row) => before.FirstOrDefault(b => b.Is(row) && b.IsMeasured);

        PlotBar Worst(NetworkRow row) => new(Name(row), row.Worst ?? MostDecibels, NetworkTable.Decibels(row.Worst),
            Earlier(row) is { } earlier ? earlier.Worst ?? MostDecibels : null);

        PlotBar Agreement(NetworkRow row) => new(
            Name(row), 100 * row.Agreement!.Value, NetworkTable.Percent(row.Agreement), 100 * Earlier(row)?.Agreement);

        void Plot(string title, IReadOnlyList<PlotBar> bars, double least, double most)
        {
            if (bars.Count == 0) return;
            // An image of its own: names inside one do not meet those of another.
            string image = Convert.ToBase64String(Encoding.UTF8.GetBytes(BarPlot.Svg(bars, least, most)));
            page.Append($"<h2>{title}</h2>\n<img alt=\"{title}\" src=\"data:image/svg+xml;base64,{image}\">\n");
        }
    }

    private static PlotBar Worth(TechniqueWorth worth) => new(
        $"{worth.Technique.Name}: {worth.Technique.Meaning}", worth.Decibels,
        worth.Decibels.ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture), null);

    private static string Line(NetworkRow row, NetworkRow? earlier, bool hasBefore)
    {
        string name = $"<td class=\"t\">{Text(Name(row))}</td>";
        int width = s_columns.Length + (hasBefore ? 3 : 2);
        if (!row.IsMeasured) return $"<tr>{name}<td class=\"t\" colspan=\"{Numbers.Format(width)}\">{Text(Reason(row))}</td></tr>\n";
        string before = !hasBefore ? "" : $"<td>{(earlier is null ? "-" : NetworkTable.Decibels(earlier.Worst))}</td>";
        string cells = string.Concat(s_columns.Select(column => $"<td>{Text(column.Cell(row))}</td>"));
        string outputs = string.Join(", ", row.Outputs.Select(o => $"{o.Name} {NetworkTable.Decibels(o.Noise)}"));
        string kind = NetworkTable.IsDoubtful(row) ? " class=\"low\"" : "";
        return $"<tr{kind}>{name}<td>{NetworkTable.Decibels(row.Worst)}</td>{before}{cells}"
            + $"<td class=\"t\">{Text(outputs)}</td></tr>\n";
    }

    private static string Reason(NetworkRow row) => row.Failed is { } failed ? $"failed: {failed}" : $"refused: {row.Refused}";

    private static string Name(NetworkRow row) =>
        row.Variant == NetworkRow.Default ? $"{row.Set}/{row.Network}" : $"{row.Set}/{row.Network}, {row.Variant}";

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}

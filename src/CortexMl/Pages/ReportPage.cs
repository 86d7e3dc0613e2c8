using System.Security.Cryptography;
using System.Text;
using CortexMl.Picturing;

namespace CortexMl.Pages;

/// <summary>
/// The report of a compilation as one page that loads nothing: the same compilation gives the same bytes, without times or names of
/// machines where none were measured.
/// </summary>
internal static class ReportPage
{
    /// <summary>Beside report.json.</summary>
    public const string FileName = "report.html";

    public static string Text(PageSource page)
    {
        var (graph, script) = GraphSection.Of(page);
        bool isCompiled = page.Report.Restored is null;
        (string Id, string Title, Html Body)[] sections =
        [
            ("overview", "Overview", OverviewSection.Of(page)),
            ("accuracy", "Accuracy", AccuracySection.Of(page)),
            ("noise", "Noise", NoiseSection.Of(page)),
            ("thresholds", "Thresholds", ThresholdSection.Of(page)),
            .. isCompiled ? new[] { ("sums", "Sums", SumSection.Of(page)), ("layers", "Layers", CostSection.Of(page)) } : [],
            ("pipeline", "Pipeline", PipelineSection.Of(page)),
            ("files", "Files", FileSection.Of(page)),
            .. isCompiled ? new[] { ("graph", "Graph", graph) } : [],
        ];
        string kind = isCompiled ? "a compiled model" : "a mixture of integers and operations in float";
        return Shell(page.Report.Model, kind, sections, script is null ? [] : [script]);
    }

    /// <summary>A page of sections with its navigation; what it may run is named by digests, what it may load is nothing.</summary>
    public static string Shell(
        string title, string subtitle, IReadOnlyList<(string Id, string Title, Html Body)> sections, IReadOnlyList<string> more)
    {
        string[] scripts = [PageStyle.Script, .. more];
        string policy = $"default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
            + $"script-src {string.Join(' ', scripts.Select(Digest))}";
        var links = sections.Select(s => Html.Of($"<a href=\"#{s.Id}\">{s.Title}</a>"));
        var body = sections.Select(s => Html.Of($"""
            <section id="{s.Id}" class="{s.Id}"><h2>{s.Title}</h2>
            {s.Body}</section>

            """));
        return Html.Of($"""
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8">
            <meta http-equiv="Content-Security-Policy" content="{new Html(policy)}">
            <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
            <title>{title} · CortexMl</title><link rel="icon" href="data:,">
            <style>{new Html(PageStyle.Css + GraphPicture.Colours())}</style></head>
            <body><header><p>{subtitle}</p><h1>{title}</h1></header>
            <nav aria-label="sections">{links}</nav>
            <main>
            {body}</main>
            {scripts.Select(s => new Html($"<script>{s}</script>\n"))}</body></html>

            """).Text;
    }

    private static string Digest(string script) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(script)))}'";
}

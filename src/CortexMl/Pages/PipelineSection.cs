using CortexMl.Reports;

namespace CortexMl.Pages;

/// <summary>The passes that ran, and what each did to the graph.</summary>
internal static class PipelineSection
{
    public static Html Of(PageSource page)
    {
        var steps = page.Report.Passes;
        var rows = steps.Select((step, i) => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(i + 1),
            new(Html.Of($"<code>{step.Pass}</code>{(step.Summary is { } told ? Html.Of($"<small>{told}</small>") : Html.Empty)}")),
            new(Html.Of($"<span class=\"{(step.Rewrites == 0 ? "idle" : "")}\">{step.Rewrites:N0}</span>"), step.Rewrites),
            new(Html.Of($"{(step.Operations is { } count ? Figures.Whole(count) : "–")}{Change(steps, i)}"), step.Operations ?? 0),
        ]);
        return PageTable.Of(
            [new("", true), new("pass"), new("rewrites", true), new("operations behind it", true)], rows.Take(PageTable.Most));
    }

    private static Html Change(IReadOnlyList<PassStep> steps, int i)
    {
        if (i == 0 || steps[i].Operations is not { } now || steps[i - 1].Operations is not { } before || now == before) return Html.Empty;
        return Html.Of($" <small class=\"change\">{(now > before ? "+" : "−")}{Math.Abs(now - before):N0}</small>");
    }
}

/// <summary>Which compiler made which bytes.</summary>
internal static class FileSection
{
    public static Html Of(PageSource page)
    {
        var report = page.Report;
        string? compiler = report.Compiler is { } version ? $"cortexml {version}" : null;
        (string Name, string? Value)[] facts = [("compiler", compiler), ("network", report.Network)];
        var told = facts.Where(f => f.Value is not null).Select(f => Html.Of($"<dt>{f.Name}</dt><dd><code>{f.Value}</code></dd>"));
        var files = PageTable.Of([new("file"), new("bytes", true), new("SHA-256")],
            page.Files.Select(f => (IReadOnlyList<PageCell>)[PageCell.Name(f.Name), PageCell.Of(f.Size), PageCell.Name(f.Sha256)]));
        return Html.Of($"""
            <dl>{told}</dl>
            {(page.Files.Count > 0 ? files : Html.Empty)}
            <details><summary>The whole pipeline, to run it again</summary><pre>{report.Pipeline}</pre></details>

            """);
    }
}

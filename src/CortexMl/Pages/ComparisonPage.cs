using CortexMl.Comparing;
using CortexMl.Diagnostics;

namespace CortexMl.Pages;

/// <summary>Two compilations beside each other as a page.</summary>
internal static class ComparisonPage
{
    public static string Text(ReportComparison compared) => ReportPage.Shell(
        $"{compared.First} → {compared.Second}", "two compilations",
        [
            ("figures", "Figures", Figured(compared)), ("layers", "Layers", Layers(compared)), ("pipeline", "Pipeline", Passes(compared)),
            ("files", "Files", Files(compared)),
        ], []);

    private static Html Figured(ReportComparison compared) => PageTable.Of(
        [new("figure"), new(compared.First, true), new(compared.Second, true), new("change", true)],
        compared.Figures.Select(f => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(f.Name), new(Html.Of($"{f.FirstText}"), f.First), new(Html.Of($"{f.SecondText}"), f.Second),
            new(Html.Of($"<span class=\"{(f.Verdict < 0 ? "worse" : f.Verdict > 0 ? "better" : "idle")}\">{f.ChangeText}</span>"),
                f.Second - f.First),
        ]));

    private static Html Layers(ReportComparison compared)
    {
        var differing = compared.Layers.Where(l => l.First != l.Second).ToList();
        var shown = differing.Take(PageTable.Most).ToList();
        if (shown.Count == 0) return Html.Of($"<p class=\"note\">What is told of the layers is the same in both.</p>\n");
        var table = PageTable.Of(
            [
                new("layer"), new("dB", true), new("dB", true), new("gas", true), new("gas", true), new("params", true),
                new("params", true), new("threshold", true), new("threshold", true),
            ],
            shown.Select(l => (IReadOnlyList<PageCell>)
            [
                PageCell.Name(l.Name), Decibels(l.First), Decibels(l.Second), Whole(l.First?.Gas), Whole(l.Second?.Gas),
                Whole(l.First?.Bytes), Whole(l.Second?.Bytes), Real(l.First?.Threshold), Real(l.Second?.Threshold),
            ]));
        return Html.Of($"""
            <p>{Counted.Part(differing.Count, compared.Layers.Count, "value", "differs", "differ")}; the first figure of each pair is
            that of {compared.First}.</p>
            {table}{PageTable.Cut(shown.Count, differing.Count, "The first")}
            """);
    }

    private static PageCell Decibels(LayerFacts? facts) => facts?.Decibels is not { } decibels ? PageCell.Of("–")
        : new(Html.Of($"{Figures.Decibels(double.IsFinite(decibels) ? decibels : null)}"), Math.Min(decibels, 1e9));

    private static PageCell Whole(long? number) => number is { } known ? PageCell.Of(known) : PageCell.Of("–");

    private static PageCell Real(double? number) =>
        number is { } known ? new(Html.Of($"{Figures.Real(known)}"), known) : PageCell.Of("–");

    private static Html Passes(ReportComparison compared)
    {
        if (compared.OnlyFirst.Count + compared.OnlySecond.Count == 0)
            return Html.Of($"<p class=\"note\">The same passes ran, with the same options.</p>\n");
        return Html.Of($"{Alone(compared.First, compared.OnlyFirst)}{Alone(compared.Second, compared.OnlySecond)}");
    }

    private static Html Alone(string name, IReadOnlyList<string> passes) => passes.Count == 0 ? Html.Empty
        : Html.Of($"<h3>In {name} alone</h3><ul>{passes.Select(p => Html.Of($"<li><code>{p}</code></li>"))}</ul>\n");

    private static Html Files(ReportComparison compared) => PageTable.Of([new("file"), new("bytes")],
        compared.Files.Select(f => (IReadOnlyList<PageCell>)[PageCell.Name(f.Name), PageCell.Of(f.IsSame ? "the same" : "differ")]));
}

using System.Globalization;
using System.Text;
using CortexMl.Passes.Calibrate;

namespace CortexMl.Pages;

/// <summary>What calibration saw of each value, and the threshold that was chosen.</summary>
internal static class ThresholdSection
{
    private const int First = 12, Most = 240, Height = 44, BarWidth = 4;

    public static Html Of(PageSource page)
    {
        var all = page.Report.Details?.Distributions ?? [];
        if (all.Count == 0)
            return Html.Of($"<p class=\"note\">Thresholds came from a file or no data was calibrated on: there are no histograms.</p>\n");
        var rank = page.Report.Noise.Select((n, i) => (n.Name, i)).DistinctBy(n => n.Name).ToDictionary(StringComparer.Ordinal);
        var noisiest = all.OrderBy(d => rank.GetValueOrDefault(d.Name, int.MaxValue)).Take(First).ToHashSet();
        Html[] rest = [.. all.Where(d => !noisiest.Contains(d)).Take(Most).Select(Card)];
        var more = rest.Length == 0 ? Html.Empty : Html.Of($"""
            <details><summary>{rest.Length:N0} more</summary><div class="cards">{rest}</div>
            {PageTable.Cut(rest.Length + noisiest.Count, all.Count, "Values")}</details>

            """);
        return Html.Of($"""
            <p>Where the numbers of a value lie on the calibration data, and its threshold (lines): what lies beyond is cut off. Heights are
            fourth roots of counts, so that rare numbers can be seen. Values with the most noise first.</p>
            <div class="cards">{all.Where(noisiest.Contains).OrderBy(d => rank.GetValueOrDefault(d.Name, int.MaxValue)).Select(Card)}</div>
            {more}
            """);
    }

    private static Html Card(Distribution value)
    {
        double most = Math.Max(Math.Abs((double)value.Min), Math.Abs((double)value.Max));
        string used = value.Threshold < most ? $"cuts off above {Figures.Real(value.Threshold)}"
            : $"threshold {Figures.Real(value.Threshold)}";
        string kind = value.Threshold < most ? " cut" : "";
        return Html.Of($"""
            <div class="card{kind}"><code>{value.Name}</code>{Drawing(value)}
            <small>{Figures.Real(value.Min)} … {Figures.Real(value.Max)}</small><small>{used}</small></div>

            """);
    }

    private static Html Drawing(Distribution value)
    {
        const int Width = Distribution.Count * BarWidth;
        var path = new StringBuilder();
        foreach (var (i, height) in Heights(value.Bars).Index())
            if (height > 0)
                path.Append(CultureInfo.InvariantCulture, $"M{i * BarWidth} {Height}v-{Math.Max(1, height * Height / byte.MaxValue)}")
                    .Append(CultureInfo.InvariantCulture, $"h{BarWidth - 1}V{Height}z");
        double span = value.High - value.Low;
        double[] marks = [.. new[] { -value.Threshold, value.Threshold }.Where(t => t >= value.Low && t <= value.High && span > 0)];
        var lines = marks.Select(t => Math.Clamp((t - value.Low) / span * Width, 1, Width - 1))
            .Select(x => Html.Of($"<line x1=\"{x:0.#}\" x2=\"{x:0.#}\" y1=\"0\" y2=\"{Height}\"/>"));
        return Html.Of($"""
            <svg viewBox="0 0 {Width} {Height}" preserveAspectRatio="none" role="img" aria-label="histogram">
            <path d="{new Html(path.ToString())}"/>{lines}</svg>
            """);
    }

    /// <summary>Those of a file of other hands may be anything: what is no digit is no bar.</summary>
    private static IEnumerable<int> Heights(string bars) => bars.Chunk(2).Take(Distribution.Count)
        .Select(pair => int.TryParse(pair, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out int height) ? height : 0);
}

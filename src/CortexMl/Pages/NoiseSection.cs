using CortexMl.Diagnostics;
using CortexMl.Reports;

namespace CortexMl.Pages;

/// <summary>Signal to noise of every value, from the input to the outputs, with the worst marked.</summary>
internal static class NoiseSection
{
    private const double Height = 150, Ceiling = 60, BarWidth = 8;

    /// <summary>Bars of the drawing; of longer networks each stands for several values, with the noisiest of them.</summary>
    private const int MostBars = 600;

    /// <summary>Values that are marked and listed first: a quarter of all at most.</summary>
    private const int Worst = 10;

    public static Html Of(PageSource page)
    {
        var noise = page.NoiseInOrder;
        if (noise.Count == 0)
            return Html.Of($"<p class=\"note\">No data was at hand to compare integers with the float network.</p>\n");
        var worst = noise.OrderBy(Ratio).Take(Math.Min(Worst, (noise.Count + 3) / 4)).ToHashSet();
        var shown = noise.Take(PageTable.Most).ToList();
        return Html.Of($"""
            <p>Decibels of signal to noise of each value of the network, in the order of computation. 20 dB is a tenth of its magnitude,
            40 dB a hundredth; the {Counted.Of(worst.Count, "noisiest value is", "noisiest are")} marked.</p>
            <figure class="plot"><div>{Drawing(noise, worst)}</div></figure>
            <h3>Noisiest</h3>
            {Table(noise.Where(worst.Contains).OrderBy(Ratio), worst)}<details><summary>All values in order</summary>
            {Table(shown, worst)}{PageTable.Cut(shown.Count, noise.Count, "The first")}</details>

            """);
    }

    private static double Ratio(NodeNoise node) => node.NoiseRatio ?? double.PositiveInfinity;

    private static Html Drawing(IReadOnlyList<NodeNoise> noise, HashSet<NodeNoise> worst)
    {
        int each = (noise.Count + MostBars - 1) / MostBars;
        var bars = noise.Chunk(each).Select(values => values.MinBy(Ratio)!).ToList();
        double width = bars.Count * BarWidth;
        var lines = new[] { 20.0, 40.0 }.Select(level => Html.Of(
            $"<line class=\"grid\" x1=\"0\" x2=\"{width:0}\" y1=\"{Top(level):0.#}\" y2=\"{Top(level):0.#}\"/>"));
        var drawn = bars.Select((node, i) =>
        {
            double top = Top(Math.Clamp(Ratio(node), 1, Ceiling));
            string kind = worst.Contains(node) ? "bad" : node.Output is not null ? "out" : "";
            return Html.Of($"""
                <rect class="{kind}" x="{i * BarWidth + 1.5:0.#}" y="{top:0.#}" width="{BarWidth - 3:0}" height="{Height - top:0.#}">
                <title>{node.Name}: {Figures.Decibels(node.NoiseRatio)}</title></rect>

                """);
        });
        return Html.Of($"""
            <svg class="bars" viewBox="0 0 {width:0} {Height:0}" preserveAspectRatio="none" role="img" aria-label="decibels of each value">
            {lines}{drawn}</svg><span class="level" style="top:{100 * Top(40) / Height:0.#}%">40 dB</span>
            <span class="level" style="top:{100 * Top(20) / Height:0.#}%">20 dB</span>
            """);
    }

    private static double Top(double decibels) => Height * (1 - decibels / Ceiling);

    private static Html Table(IEnumerable<NodeNoise> noise, HashSet<NodeNoise> worst) => PageTable.Of(
        [new("value"), new("signal to noise", true), new("cosine", true), new("largest error", true)],
        noise.Select(node => (IReadOnlyList<PageCell>)
        [
            new(Html.Of($"<code>{node.Name}</code>{(node.Output is null ? Html.Empty : Html.Of($" <em>output {node.Output}</em>"))}")),
            PageCell.Bar(
                Figures.Decibels(node.NoiseRatio), Math.Min(Ratio(node), 1e9), Ratio(node) / Ceiling, worst.Contains(node) ? "bad" : ""),
            new(Html.Of($"{node.Cosine:F6}"), node.Cosine), new(Html.Of($"{Figures.Real(node.MaxError)}"), node.MaxError),
        ]));
}

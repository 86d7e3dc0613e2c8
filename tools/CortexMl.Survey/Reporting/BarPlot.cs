using System.Globalization;
using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace CortexMl.Survey.Reporting;

/// <summary>A bar of a plot, and a second one below it where there is something to compare with.</summary>
/// <param name="Text">Of the number, beside the bar.</param>
/// <param name="Before">Null where there is no second bar.</param>
public sealed record PlotBar(string Name, double Value, string Text, double? Before);

/// <summary>
/// Horizontal bars as an SVG image. The plotting library draws bars, axes and grid; texts are elements of their own, so that the image does
/// not depend on the fonts of the machine that drew it.
/// </summary>
public static partial class BarPlot
{
    private const int Width = 900, NamesWidth = 260, RightWidth = 70, BarHeight = 22, Below = 30, Ticks = 6;

    /// <param name="bars">From the top down; at least one.</param>
    /// <param name="least">Left end of the axis: values below end there.</param>
    /// <param name="most">Right end.</param>
    public static string Svg(IReadOnlyList<PlotBar> bars, double least, double most)
    {
        int height = bars.Count * BarHeight + Below;
        using var plot = new Plot();
        plot.Add.Bars(bars.SelectMany((bar, i) => Pair(bar, -i)).ToArray());
        double[] ticks = [.. Enumerable.Range(0, Ticks + 1).Select(i => least + (most - least) * i / Ticks)];
        plot.Axes.Bottom.TickGenerator = new NumericManual(ticks, [.. ticks.Select(_ => "")]);
        plot.Axes.Left.TickGenerator = new NumericManual();
        plot.Axes.SetLimits(least, most, -bars.Count + 0.5, 0.5);
        plot.Layout.Fixed(new PixelPadding(NamesWidth, RightWidth, Below, 0));
        plot.RenderInMemory(Width, height);
        var texts = new StringBuilder("<g font-family=\"sans-serif\" font-size=\"12\">");
        foreach (var (i, bar) in bars.Index())
        {
            var end = plot.GetPixel(new Coordinates(Within(Math.Max(bar.Value, Math.Max(0, least))), -i));
            Text(NamesWidth - 8, end.Y, "end", bar.Name);
            Text(end.X + 6, end.Y, "start", bar.Text);
        }
        foreach (double tick in ticks) Text(plot.GetPixel(new Coordinates(tick, 0)).X, height - Below / 3, "middle", Rounded(tick));
        string svg = Renumbered(plot.GetSvgXml(Width, height));
        return svg[..svg.LastIndexOf("</svg>", StringComparison.Ordinal)] + texts.Append("</g></svg>\n");

        IEnumerable<Bar> Pair(PlotBar bar, double position)
        {
            bool isPair = bar.Before is not null;
            if (bar.Before is { } before) yield return Drawn(before, position - 0.2, 0.36, Colors.LightGray);
            yield return Drawn(bar.Value, position + (isPair ? 0.2 : 0), isPair ? 0.36 : 0.7, Colors.SteelBlue);
        }

        Bar Drawn(double value, double position, double size, Color color) => new()
        {
            Position = position, Value = Within(value), ValueBase = Within(0), Size = size, FillColor = color, LineWidth = 0,
            Orientation = Orientation.Horizontal,
        };

        double Within(double value) => Math.Clamp(value, least, most);

        void Text(double x, double y, string anchor, string text) => texts.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{x:F1}\" y=\"{y + 4:F1}\" text-anchor=\"{anchor}\">{WebUtility.HtmlEncode(text)}</text>");
    }

    /// <summary>The library numbers clip paths through the life of a process; here each image begins at 0.</summary>
    private static string Renumbered(string svg)
    {
        var ids = ClipPath().Matches(svg).Select(m => m.Value).Distinct().ToList();
        return ClipPath().Replace(svg, m => string.Create(CultureInfo.InvariantCulture, $"clip{ids.IndexOf(m.Value)}"));
    }

    [GeneratedRegex("cl_[0-9a-f]+")]
    private static partial Regex ClipPath();

    private static string Rounded(double tick) => tick.ToString("0.#", CultureInfo.InvariantCulture);
}

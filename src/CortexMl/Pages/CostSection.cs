using CortexMl.Reports;

namespace CortexMl.Pages;

/// <summary>Gas, bytes and, where it was measured, time of every layer, by the network's own names.</summary>
internal static class CostSection
{
    public static Html Of(PageSource page)
    {
        var layers = page.Layers;
        if (layers.Count == 0) return Html.Of($"<p class=\"note\">What single layers cost was not recorded.</p>\n");
        var times = (page.Times?.Groups ?? []).Where(g => g.Layer is not null)
            .GroupBy(g => g.Layer!, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => g.Sum(x => x.Milliseconds), StringComparer.Ordinal);
        var kept = layers.Count <= PageTable.Most ? layers
            : [.. layers.Index().OrderByDescending(l => l.Item.Gas).Take(PageTable.Most).OrderBy(l => l.Index).Select(l => l.Item)];
        List<PageColumn> columns = [new("layer"), new("gas", true), new("", true), new("params", true), new("operators")];
        if (page.Times is not null) columns.Insert(3, new("time", true));
        double gas = Math.Max(1, layers.Max(l => l.Gas)), bytes = Math.Max(1, layers.Max(l => l.Bytes));
        double slowest = times.Values.DefaultIfEmpty(1).Max();
        var rows = kept.Select(layer =>
        {
            List<PageCell> row =
            [
                PageCell.Name(layer.Layer), PageCell.Bar(Figures.Whole(layer.Gas), layer.Gas, layer.Gas / gas),
                new(Html.Of($"{Figures.Share((double)layer.Gas / Math.Max(1, page.Report.Gas))}"), layer.Gas),
                PageCell.Bar(Figures.Whole(layer.Bytes), layer.Bytes, layer.Bytes / bytes, "used"), PageCell.Of(layer.Operators),
            ];
            if (page.Times is not null)
                row.Insert(3, times.TryGetValue(layer.Layer, out double time)
                    ? PageCell.Bar(Figures.Milliseconds(time), time, time / slowest, "time") : new(Html.Of($"–"), 0));
            return (IReadOnlyList<PageCell>)row;
        });
        string machine = page.Times is { } measured
            ? $" Times are those of {measured.Engine}, {Figures.Milliseconds(measured.MedianMs)} a run; "
            + "what a group computes together stands with its last layer." : "";
        return Html.Of($"""
            <p>What each layer of the network became, in the order of computation; click at a title to sort.{machine}</p>
            {PageTable.Of(columns, rows)}{PageTable.Cut(kept.Count, layers.Count, "Those with the most gas:")}
            """);
    }
}

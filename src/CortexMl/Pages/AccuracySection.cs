using CortexMl.Diagnostics;
using CortexMl.Evaluating;

namespace CortexMl.Pages;

/// <summary>Float and integer model on the test data: figures, confusion, and the samples of which they say different things.</summary>
internal static class AccuracySection
{
    /// <summary>Classes of a matrix that can still be read; of more the pairs are listed.</summary>
    private const int MostClasses = 24;

    private const int MostPairs = 20;

    public static Html Of(PageSource page)
    {
        if (page.Report.Accuracy is not { } accuracy)
            return Html.Of($"<p class=\"note\">No test data was given: <code>--test DATA --labels FILE</code> measures accuracy.</p>\n");
        return Html.Of($"{Results(accuracy)}{Metric(accuracy)}{Confusion(accuracy)}{Differing(page)}");
    }

    private static Html Results(Evaluation accuracy) => accuracy.Results.All(r => r.Top1 is null) ? Html.Empty : PageTable.Of(
        [new("model"), new("engine"), new("top-1", true), new("top-5", true)],
        accuracy.Results.Select(r => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(r.Level), PageCell.Of(r.Engine), PageCell.Bar(Figures.Share(r.Top1), r.Top1 ?? 0, r.Top1 ?? 0),
            PageCell.Bar(Figures.Share(r.Top5), r.Top5 ?? 0, r.Top5 ?? 0),
        ]));

    private static Html Metric(Evaluation accuracy)
    {
        if (accuracy.Metric is not { } metric) return Html.Empty;
        var table = PageTable.Of([new("model"), new($"{metric.Name} ({metric.Unit})", true), new("beside it")],
            metric.Results.Select(r => (IReadOnlyList<PageCell>)
            [
                PageCell.Of(r.Level), new(Html.Of($"{(r.Value is { } value ? Figures.Real(value) : "–")}"), r.Value ?? 0),
                PageCell.Of(Listing.Of([.. r.Figures.Select(f => $"{f.Name} {(f.Value is { } value ? Figures.Real(value) : "–")}")], 12)),
            ]));
        string drop = metric.Drop is { } lost ? $" The integers lose {Figures.Real(lost)}." : "";
        return Html.Of($"<h3>{metric.Name}</h3><p>Measured against {metric.Against}.{drop}</p>\n{table}");
    }

    private static Html Confusion(Evaluation accuracy)
    {
        if (accuracy is not { Classes: { Count: > 0 } classes, Confusion: { } pairs }) return Html.Empty;
        int[] known = [.. classes.Select(c => c.Class).Concat(pairs.Select(p => p.Class)).Distinct().Order()];
        if (known.Length > MostClasses) return Pairs(accuracy, pairs);
        var names = classes.Where(c => c.Name is not null).Select(c => (c.Class, Name: c.Name!))
            .Concat(pairs.Where(p => p.ClassName is not null).Select(p => (p.Class, Name: p.ClassName!)))
            .DistinctBy(c => c.Class).ToDictionary();
        var matrices = accuracy.Results.Select((result, model) => Matrix(result.Level, model, known, names, classes, pairs));
        return Html.Of($"""
            <h3>Confusion</h3><p>Rows: what samples are; columns: what they were taken for.</p>
            <div class="matrices">{matrices}</div>

            """);
    }

    private static Html Matrix(
        string level, int model, int[] known, Dictionary<int, string> names, IReadOnlyList<ClassResult> classes,
        IReadOnlyList<ConfusedClasses> pairs)
    {
        var counts = new Dictionary<(int Label, int Class), int>();
        foreach (var own in classes.Where(c => model < c.Top1.Count))
            counts[(own.Class, own.Class)] = (int)Math.Round(own.Top1[model] * own.Samples);
        foreach (var pair in pairs.Where(p => model < p.Samples.Count)) counts[(pair.Label, pair.Class)] = pair.Samples[model];
        var sizes = classes.DistinctBy(c => c.Class).ToDictionary(c => c.Class, c => c.Samples);
        var head = known.Select(k => Html.Of($"<th title=\"{Spelled(k)}\">{k}</th>"));
        var rows = known.Where(sizes.ContainsKey)
            .Select(label => Html.Of($"<tr><th>{Spelled(label)}</th>{known.Select(k => Cell(label, k))}</tr>\n"));
        return Html.Of($"""
            <figure><figcaption>{level}</figcaption><div class="scroll" tabindex="0"><table class="matrix">
            <thead><tr><td></td>{head}</tr></thead>
            <tbody>{rows}</tbody></table></div></figure>

            """);

        string Spelled(int k) => names.TryGetValue(k, out string? name) ? $"{Figures.Whole(k)} {name}" : Figures.Whole(k);

        Html Cell(int label, int k)
        {
            int count = counts.GetValueOrDefault((label, k));
            if (count == 0) return Html.Of($"<td></td>");
            double share = Math.Clamp((double)count / Math.Max(1, sizes[label]), 0.08, 1);
            return Html.Of($"<td class=\"{(label == k ? "hit" : "miss")}\" style=\"--a:{share:0.##}\">{count}</td>");
        }
    }

    private static Html Pairs(Evaluation accuracy, IReadOnlyList<ConfusedClasses> pairs)
    {
        if (pairs.Count == 0) return Html.Empty;
        List<PageColumn> columns = [new("is"), new("taken for"), .. accuracy.Results.Select(r => new PageColumn(r.Level, true))];
        var shown = pairs.Take(MostPairs).ToList();
        var table = PageTable.Of(columns, shown.Select(pair => (IReadOnlyList<PageCell>)
        [
            PageCell.Of(Spelled(pair.Label, pair.LabelName)), PageCell.Of(Spelled(pair.Class, pair.ClassName)),
            .. pair.Samples.Select(count => PageCell.Of(count)),
        ]));
        return Html.Of($"""
            <h3>Confusion</h3><p>The pairs of classes that are confused most often.</p>
            {table}{PageTable.Cut(shown.Count, pairs.Count, "The first")}
            """);
    }

    private static Html Differing(PageSource page)
    {
        if (page.Report.Details is not { Differing: { } samples, DifferingCount: var count }) return Html.Empty;
        if (count == 0) return Html.Of($"<p class=\"note\">Float and integer model name the same class for every sample.</p>\n");
        string more = count > samples.Count ? $"; the first {Figures.Whole(samples.Count)} are shown" : "";
        return Html.Of($"""
            <h3>Where they differ</h3><p>{Counted.Grouped(count, "sample")} of {page.Report.Accuracy!.Count:N0}{more}.</p>
            <div class="samples">{samples.Select(Card)}</div>

            """);
    }

    private static Html Card(DifferingSample sample) => Html.Of($"""
        <div class="sample">{Picture(sample.Picture)}<div><code>{sample.Name}</code>
        {(sample.Label is { } label ? Said("is", Spelled(label, sample.LabelName), "") : Html.Empty)}
        {Said("float", Spelled(sample.FloatClass, sample.FloatName), Kind(sample, sample.FloatClass))}
        {Said("integer", Spelled(sample.IntegerClass, sample.IntegerName), Kind(sample, sample.IntegerClass))}</div></div>

        """);

    private static Html Said(string who, string what, string kind) => Html.Of($"<small class=\"{kind}\"><b>{who}</b> {what}</small>");

    private static string Kind(DifferingSample sample, int said) => sample.Label is null ? "" : sample.Label == said ? "right" : "wrong";

    /// <summary>A report of other hands may have anything there.</summary>
    private static Html Picture(string? base64) => base64 is not null && System.Buffers.Text.Base64.IsValid(base64)
        ? Html.Of($"<img alt=\"\" src=\"data:image/png;base64,{base64}\">") : Html.Empty;

    private static string Spelled(int k, string? name) => name is null ? Figures.Whole(k) : $"{Figures.Whole(k)} {name}";
}

using System.Globalization;

namespace CortexMl.Pages;

/// <summary>A column of a table; figures stand at its right.</summary>
internal sealed record PageColumn(string Title, bool IsFigure = false);

/// <summary>A cell, and the number by which its column is sorted; without one, its text.</summary>
internal sealed record PageCell(Html Shown, double? Order = null)
{
    public static PageCell Of(string text) => new(Html.Of($"{text}"));

    public static PageCell Name(string name) => new(Html.Of($"<code>{name}</code>"));

    public static PageCell Of(long number) => new(Html.Of($"{number:N0}"), number);

    /// <summary>A number with a bar behind it.</summary>
    /// <param name="share">Of the bar, 0 to 1.</param>
    public static PageCell Bar(string text, double order, double share, string kind = "") => new(
        Html.Of($"""
            <span class="meter {kind}"><i style="width:{100 * Math.Clamp(share, 0, 1):0.#}%"></i></span><span class="gauge">{text}</span>
            """), order);
}

/// <summary>Tables that scroll inside themselves and are sorted by a click at a column's title.</summary>
internal static class PageTable
{
    /// <summary>Rows that a page has at most: a report of a network of thousands of operations stays readable.</summary>
    public const int Most = 400;

    public static Html Of(IReadOnlyList<PageColumn> columns, IEnumerable<IReadOnlyList<PageCell>> rows)
    {
        var head = columns.Select(c => Html.Of($"<th{Class(c)}><button type=\"button\">{c.Title}</button></th>"));
        var body = rows.Select(row => Html.Of($"<tr>{row.Zip(columns, Cell)}</tr>\n"));
        return Html.Of($"""
            <div class="scroll" tabindex="0"><table><thead><tr>{head}</tr></thead>
            <tbody>{body}</tbody></table></div>

            """);
    }

    /// <summary>Says how many of all rows are shown; nothing where it is all of them.</summary>
    public static Html Cut(int shown, int all, string which) => shown >= all ? Html.Empty
        : Html.Of($"<p class=\"note\">{which} {shown:N0} of {all:N0}; report.json has all.</p>\n");

    private static Html Cell(PageCell cell, PageColumn column)
    {
        var order = cell.Order is { } number
            ? new Html(string.Create(CultureInfo.InvariantCulture, $" data-v=\"{number:R}\"")) : Html.Empty;
        return Html.Of($"<td{Class(column)}{order}>{cell.Shown}</td>");
    }

    private static Html Class(PageColumn column) => new(column.IsFigure ? " class=\"figure\"" : "");
}

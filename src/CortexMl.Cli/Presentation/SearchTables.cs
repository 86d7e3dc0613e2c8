using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Evaluating.Metrics;
using CortexMl.Reports;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

/// <summary>What a search for the fewest bits tried, and what its choices cost and bought.</summary>
internal static class SearchTables
{
    private const int ChoicesShown = 20;

    public static void Show(IAnsiConsole console, SearchReport search)
    {
        string unit = MetricTable.Of(search.Metric).Unit;
        var tried = new Table().Border(TableBorder.Rounded).AddColumns("choices", "drop", "noisiest output", "gas", "bytes");
        foreach (var t in search.Tried)
            tried.AddRow(Tables.Number(t.Choices), MetricTables.Drop(unit, t.Drop), Decibels(t.Decibels), Tables.Number(t.Gas),
                Tables.Number(t.Bytes));
        console.Write(tried);
        if (search.Choices.Count > 0) console.Write(OfChoices(search));
        string shown = search.Choices.Count > ChoicesShown ? $", the first {ChoicesShown} of which are shown" : "";
        string drop = $"{search.Metric} drops by {MetricTables.Drop(unit, search.Drop)}";
        console.Write(new Spectre.Console.Text($"{Counted.Of(search.Choices.Count, "choice")} taken{shown}: {drop}\n"));
    }

    private static Table OfChoices(SearchReport search)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("layer", "sees", "more gas", "then expected");
        foreach (var choice in search.Choices.Take(ChoicesShown))
            table.AddRow(Tables.Cell(choice.Layer), choice.Sees, Tables.Number(choice.Gas), Decibels(choice.Expected));
        return table;
    }

    private static string Decibels(double? decibels) =>
        decibels is { } dB ? dB.ToString("F1", CultureInfo.InvariantCulture) + " dB" : "exact";
}

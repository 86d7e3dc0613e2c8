using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Restoring;
using Spectre.Console;

namespace CortexMl.Cli.Presentation;

/// <summary>What operations in float change about a network in integers.</summary>
internal static class RestoreTables
{
    private const int NamesShown = 8, OutputsShown = 16, LayersShown = 20;

    /// <summary>Rows of the report: the integers alone, then outputs without and with the operations.</summary>
    public static void Add(RestoreReport restored, Action<string, string> row)
    {
        if (restored.Integer is { Agreement: { } agreement } integer)
        {
            if (integer.Results[^1].Top1 is { } top1) row("integer top-1", Tables.Share(top1));
            row("integer agreement", Tables.Share(agreement));
        }
        if (restored.Operations.Count > 0)
            row("in float", $"{Listing.Of(restored.Operations, NamesShown)} ({Counted.Of(restored.Islands, "island")})");
        foreach (var output in restored.Outputs.Take(OutputsShown))
            row("output: " + output.Output, restored.Operations.Count == 0 ? Decibels(output.Integer)
                : $"{Decibels(output.Integer)}, with them in float {Decibels(output.Restored)}{Chance(output.Chance)}");
    }

    /// <summary>The layers that buy most.</summary>
    public static void Show(IAnsiConsole console, IReadOnlyList<RestoredLayer> each)
    {
        var table = new Table().Border(TableBorder.Rounded)
            .AddColumns("in float alone", "operation", "noisiest output", "buys", "by chance");
        foreach (var layer in each.Take(LayersShown))
            table.AddRow(
                Tables.Cell(layer.Layer), layer.Operation, Decibels(layer.Decibels),
                layer.Gain.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) + " dB",
                Chance(layer.Chance).Trim(' ', '(', ')'));
        console.Write(table);
        string shown = each.Count > LayersShown ? $", the first {LayersShown} of which are shown" : "";
        console.Write(new Spectre.Console.Text($"{Counted.Of(each.Count, "layer")} tried one by one{shown}\n"));
    }

    private static string Chance(double? decibels) =>
        decibels is { } dB ? string.Create(CultureInfo.InvariantCulture, $" (± {dB:F2} dB)") : "";

    private static string Decibels(double? decibels) =>
        decibels is { } dB ? dB.ToString("F1", CultureInfo.InvariantCulture) + " dB" : "exact";
}

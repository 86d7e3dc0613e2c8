using System.Globalization;
using CortexMl.Evaluating.Metrics;

namespace CortexMl.Cli.Presentation;

/// <summary>Metrics as people read them.</summary>
internal static class MetricTables
{
    /// <summary>A network of many outputs has a figure for each; JSON holds all.</summary>
    private const int FiguresShown = 6;

    private static readonly CultureInfo s_culture = CultureInfo.InvariantCulture;

    /// <summary>Of the table of models, behind what every model has.</summary>
    public static IEnumerable<string> Columns(MetricReport? metric) =>
        metric is null ? [] : [metric.Name, .. metric.Results[^1].Figures.Take(FiguresShown).Select(f => f.Name)];

    /// <summary>One for each of the columns.</summary>
    public static IEnumerable<string> Cells(MetricReport? metric, int model) => metric is null ? []
        : [Number(metric, metric.Results[model].Value), .. metric.Results[model].Figures.Take(FiguresShown).Select(Number)];

    /// <summary>What is compared with, and what was lost.</summary>
    public static string Told(MetricReport metric) =>
        $"{metric.Name} against {metric.Against}" + (metric.Drop is { } drop ? $", drop {Drop(metric.Unit, drop)}" : "");

    /// <summary>A row for each model of the table of a compilation.</summary>
    public static void Add(MetricReport metric, Action<string, string> row)
    {
        foreach (var result in metric.Results)
        {
            string figures = string.Join(", ", result.Figures.Take(FiguresShown).Select(f => $"{f.Name} {Number(f)}"));
            row($"{result.Level} {metric.Name}", Number(metric, result.Value) + (figures.Length > 0 ? $"  ({figures})" : ""));
        }
        if (metric.Drop is { } drop) row($"drop of {metric.Name}", $"{Drop(metric.Unit, drop)} against {metric.Against}");
    }

    /// <summary>Points of shares, other units as they are.</summary>
    public static string Drop(string unit, double drop)
    {
        string number = drop.ToString(unit == Metric.Share ? "0.00" : "G4", s_culture);
        return unit == Metric.Share ? $"{number} points" : unit.Length > 0 ? $"{number} {unit}" : number;
    }

    public static string Number(string unit, double value) => unit switch
    {
        Metric.Share => value.ToString("P2", s_culture),
        Metric.Decibels => value.ToString("F1", s_culture) + " dB",
        _ => value.ToString("G6", s_culture),
    };

    private static string Number(MetricReport metric, double? value) =>
        value is { } number ? Number(metric.Unit, number) : MetricTable.Of(metric.Name).Valueless;

    private static string Number(MetricFigure figure) =>
        figure.Value is { } value ? Number(figure.Unit, value) : figure.Unit == Metric.Decibels ? "exact" : "-";
}

using System.Globalization;
using CortexMl.Diagnostics;
using CortexMl.Survey.Networks;

namespace CortexMl.Survey.Reporting;

/// <summary>The labelled networks in a sentence: how much was lost, and whether that is more than chance.</summary>
public static class SurveySummary
{
    private const double Significant = 0.05;

    /// <summary>Of the default variant; null where no network has labels.</summary>
    public static string? Of(IReadOnlyList<NetworkRow> rows)
    {
        var labelled = rows.Where(row => row.Variant == NetworkRow.Default && row.Classes is not null).ToList();
        if (labelled.Count == 0) return null;
        var most = labelled.MaxBy(Drop)!;
        int doubtful = labelled.Count(row => row.Classes!.P < Significant && Drop(row) > 0);
        return string.Create(CultureInfo.InvariantCulture,
            $"{Counted.Of(labelled.Count, "labelled network")}: mean drop {labelled.Average(Drop):F2} points, most {Drop(most):F2} "
            + $"({most.Network}), mean agreement {100 * labelled.Average(row => row.Agreement):F2} %, a significant drop in {doubtful}");
    }

    private static double Drop(NetworkRow row) => 100 * (row.Classes!.Float - row.Classes.Integer);
}

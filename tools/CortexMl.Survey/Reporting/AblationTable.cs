using System.Globalization;
using CortexMl.Survey.Networks;

namespace CortexMl.Survey.Reporting;

/// <summary>What a technique is worth over the networks that were measured with it and without.</summary>
/// <param name="Networks">How many those are.</param>
/// <param name="Decibels">Mean change of the worst output.</param>
/// <param name="Points">Mean change of the integer top-1, in points; null where no network has labels.</param>
/// <param name="Agreement">Mean change of agreement, in points; null where no network has classes.</param>
/// <param name="Gas">Geometric mean of gas over the default's.</param>
/// <param name="MostLost">The network that it costs most, and how much.</param>
/// <param name="MostWon">The network that it helps most, and how much.</param>
public sealed record TechniqueWorth(
    Technique Technique, int Networks, double Decibels, double? Points, double? Agreement, double Gas,
    (string Name, double Decibels) MostLost, (string Name, double Decibels) MostWon)
{
    /// <summary>Null where nothing was measured both ways; outputs that are exact one way or the other do not count.</summary>
    public static TechniqueWorth? Of(Technique technique, IReadOnlyList<NetworkRow> rows)
    {
        var pairs = (from row in rows
                     where row.Variant == technique.Name && row.IsMeasured && row.Worst is not null
                     join plain in rows.Where(r => r.Variant == NetworkRow.Default && r.IsMeasured && r.Worst is not null)
                         on (row.Set, row.Network) equals (plain.Set, plain.Network)
                     select (Name: row.Network, Row: row, Plain: plain, Change: row.Worst!.Value - plain.Worst!.Value)).ToList();
        if (pairs.Count == 0) return null;
        var (lost, won) = (pairs.MinBy(p => p.Change), pairs.MaxBy(p => p.Change));
        return new(technique, pairs.Count, pairs.Average(p => p.Change),
            Mean(pairs.Select(p => 100 * (p.Row.Classes?.Integer - p.Plain.Classes?.Integer))),
            Mean(pairs.Select(p => 100 * (p.Row.Agreement - p.Plain.Agreement))),
            Math.Exp(pairs.Average(p => Math.Log((double)p.Row.Gas / p.Plain.Gas))), (lost.Name, lost.Change), (won.Name, won.Change));
    }

    private static double? Mean(IEnumerable<double?> changes) =>
        changes.OfType<double>().ToList() is { Count: > 0 } all ? all.Average() : null;
}

/// <summary>A row for each technique: what switching it changes, against the default pipeline.</summary>
public static class AblationTable
{
    public static void Write(IReadOnlyList<NetworkRow> rows, TextWriter output)
    {
        output.WriteLine();
        output.WriteLine(
            $"{"technique",-14} {"networks",8} {"dB",6} {"points",7} {"agree",7} {"gas x",6}  "
            + $"{"loses most",-34} {"wins most",-34} what it is");
        foreach (var technique in Technique.All)
        {
            if (TechniqueWorth.Of(technique, rows) is not { } worth) continue;
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{technique.Name,-14} {worth.Networks,8} {worth.Decibels,6:+0.0;-0.0;0.0} {Signed(worth.Points),7} "
                + $"{Signed(worth.Agreement),7} {worth.Gas,6:0.000}  "
                + $"{Named(worth.MostLost),-34} {Named(worth.MostWon),-34} {technique.Meaning}"));
        }
    }

    private static string Signed(double? change) => change?.ToString("+0.00;-0.00;0.00", CultureInfo.InvariantCulture) ?? "-";

    private static string Named((string Name, double Decibels) network) =>
        string.Create(CultureInfo.InvariantCulture, $"{network.Name} {network.Decibels:+0.0;-0.0;0.0}");
}

using System.Text.Json;
using CortexMl.Numerics;

namespace CortexMl.Passes.Calibrate;

/// <summary>
/// How far a network's input will reach when all its data have come. Few numbers of a wide distribution do not hold its largest: of a
/// normal one n numbers reach about √(2 ln n) deviations. Pixels and other integers have a bound, and what has one is seen at it again
/// and again.
/// </summary>
internal static class InputReach
{
    /// <summary>So many numbers will come.</summary>
    private const double All = 20_000;

    /// <summary>Times what was seen at most: further would cost more of the input's 8 bits than it saves.</summary>
    private const double Most = 1.5;

    /// <param name="statistics">Of the input.</param>
    /// <param name="isInteger">Whether the data are stored as integers.</param>
    /// <returns>At least the largest magnitude seen.</returns>
    public static double Of(ValueStatistics statistics, bool isInteger)
    {
        if (isInteger || statistics.Count >= All || HasBound(statistics)) return statistics.AbsMax;
        double ratio = PortableMath.Log(All) / PortableMath.Log(Math.Max(2, statistics.Count));
        return statistics.AbsMax * Math.Min(Most, Math.Sqrt(ratio));
    }

    /// <summary>Names of the inputs whose data are integers, from <see cref="ISampleSource.Observed"/>.</summary>
    public static IReadOnlySet<string> Integers(string observed)
    {
        using var facts = JsonDocument.Parse(observed);
        return facts.RootElement.EnumerateArray()
            .Where(f => f.TryGetProperty("type", out var type) && type.GetString() is { } t && (t[0] == 'u' || t[0] == 'i'))
            .Select(f => f.GetProperty("input").GetString()!).ToHashSet(StringComparer.Ordinal);
    }

    private static bool HasBound(ValueStatistics statistics)
    {
        bool isPositive = statistics.Max >= -statistics.Min;
        long atEnd = 0;
        statistics.Histogram.Each((bin, count) =>
        {
            // The bins come in their order: the last one, or the first.
            if (isPositive || atEnd == 0) atEnd = count;
        });
        return atEnd > 1;
    }
}

using System.Globalization;
using CortexMl.Evaluating.Metrics;
using CortexMl.Survey.Networks;

namespace CortexMl.Survey.Reporting;

/// <summary>The rows as people read them.</summary>
public static class NetworkTable
{
    private const int NameLength = 44, OutputsShown = 6;

    private const double Noisy = 15, Agreeing = 0.98;

    public static readonly string Header = $"{"network",-NameLength} {"variant",-10} {"worst dB",8} {"before",7} {"float",6} {"int",6} "
        + $"{"agree",6} {"p",5} {"metric",-15} {"ops",5} {"gas",12} {"params",9} {"s",6} {"MB",5}  outputs dB";

    /// <param name="before">Of an earlier survey; null where there is none.</param>
    public static string Line(NetworkRow row, NetworkRow? before)
    {
        string head = $"{Short($"{row.Set}/{row.Network}"),-NameLength} {row.Variant,-10}";
        if (row.Failed is not null) return $"{head} FAILED: {row.Failed}";
        if (row.Refused is not null) return $"{head} refused: {row.Refused}";
        string classes = $"{Percent(row.Classes?.Float),6} {Percent(row.Classes?.Integer),6} {Percent(row.Agreement),6}";
        string earlier = before is { IsMeasured: true } ? Decibels(before.Worst) : "-";
        string line = $"{head} {Decibels(row.Worst),8} {earlier,7} {classes} {Probability(row.Classes?.P),5} {MetricOf(row),-15} "
            + string.Create(CultureInfo.InvariantCulture,
                $"{row.Operators,5} {row.Gas,12} {row.ParamsBytes,9} {row.Seconds,6:F1} {row.PeakBytes >> 20,5}  {Outputs(row)}");
        return IsDoubtful(row) && row.Noisiest.Length > 0 ? $"{line}\n    noisiest: {row.Noisiest}" : line;
    }

    /// <summary>Whether a person should look at it.</summary>
    public static bool IsDoubtful(NetworkRow row) => row.Worst < Noisy || row.Agreement < Agreeing;

    /// <summary><c>exact</c> where there is no noise.</summary>
    public static string Decibels(double? noise) => noise is { } dB ? dB.ToString("F1", CultureInfo.InvariantCulture) : "exact";

    public static string Percent(double? share) => share is { } s ? (100 * s).ToString("F2", CultureInfo.InvariantCulture) : "-";

    public static string Probability(double? p) => p is { } value ? value.ToString("F3", CultureInfo.InvariantCulture) : "-";

    /// <summary>The metric that fits the network: parts in percent, decibels, cosines as they are.</summary>
    public static string MetricOf(NetworkRow row)
    {
        if (row.Metric.Length == 0) return "-";
        var metric = MetricTable.Of(row.Metric);
        string value = row.MetricValue is not { } number ? metric.Valueless
            : metric.Unit == Evaluating.Metrics.Metric.Share ? Percent(number)
            : number.ToString(metric.Unit.Length > 0 ? "F1" : "F4", CultureInfo.InvariantCulture);
        return $"{row.Metric} {value}";
    }

    private static string Outputs(NetworkRow row) => string.Join(' ', row.Outputs.Take(OutputsShown).Select(o => Decibels(o.Noise)))
        + (row.Outputs.Count > OutputsShown ? " …" : "");

    private static string Short(string name) => name.Length <= NameLength ? name : name[..(NameLength - 1)] + "…";
}

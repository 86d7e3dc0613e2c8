using CortexMl.Numerics;

namespace CortexMl.Passes.Calibrate;

/// <summary>How a threshold is chosen from statistics: <c>absmax</c>, or one that gives up rare large numbers for finer steps.</summary>
/// <param name="Name">As in the pipeline: absmax, percentile, mean-std, entropy, mse.</param>
/// <param name="Percentile">Of percentile: the share of numbers that must be representable, in percent.</param>
/// <param name="Lambda">Of mean-std: the number of deviations.</param>
public sealed record CalibrationMethod(string Name, double Percentile, double Lambda)
{
    /// <summary>Whether the threshold reaches further where few numbers were seen.</summary>
    public bool Grows { get; init; } = Name == "mse";

    /// <summary>So few numbers of a channel say nothing of how far it reaches.</summary>
    private const double SmallSample = 128;

    /// <summary>Times the threshold of the whole value that a single channel of it may reach.</summary>
    private const double RoomOfChannels = 1.25;

    /// <summary>So many numbers show their tail.</summary>
    private const double FewNumbers = 1 << 15;

    /// <summary>
    /// The largest number of so many more samples should be within the threshold of a channel, and of a whole value, whose other numbers
    /// all get coarser by it.
    /// </summary>
    private const int MoreOfChannel = 100, MoreOfAll = 25;

    public static readonly IReadOnlyList<string> Names = ["absmax", "percentile", "mean-std", "entropy", "mse"];

    /// <summary>Largest magnitude that must be representable, at most the absolute maximum, then rounded up to 10 binary digits.</summary>
    public double Threshold(ValueStatistics statistics)
    {
        double chosen = Name switch
        {
            "percentile" => OfPercentile(statistics),
            "mean-std" => OfDeviation(statistics),
            "entropy" => EntropyThreshold.Of(statistics.Histogram),
            "mse" => SquareErrorThreshold.Of(statistics.Histogram),
            _ => statistics.AbsMax,
        };
        return RoundUp(Math.Min(chosen, statistics.AbsMax));
    }

    /// <summary>
    /// The threshold, and where it grows more where few numbers were seen: by how much the largest is expected to grow with more
    /// samples. Of many numbers the method itself knows what the tail is worth.
    /// </summary>
    public double Reach(ValueStatistics statistics)
    {
        double threshold = Threshold(statistics);
        if (!Grows || statistics.AbsMax == 0) return threshold;
        double growth = statistics.Whole.Growth(0, MoreOfAll) / statistics.AbsMax;
        return RoundUp(threshold * (1 + Math.Min(1, FewNumbers / statistics.Count) * Math.Min(1, growth)));
    }

    /// <summary>
    /// How far each channel reaches: as far as it was seen to, and is expected to with more samples; no further than the whole value, with
    /// some room where nothing is to be cut off. Of few numbers of a channel the whole's threshold tells more: from all of the way to it
    /// at 128 numbers to an eightieth at 10,000.
    /// </summary>
    /// <param name="threshold">Of the whole value.</param>
    public double[] ChannelThresholds(ChannelStatistics channels, double threshold)
    {
        double doubt = Math.Min(1, SmallSample / Math.Max(1, channels.Count));
        double most = Name is "mse" or "absmax" ? RoomOfChannels * threshold : threshold;
        return [.. Enumerable.Range(0, channels.Channels).Select(channel =>
        {
            double chosen = Math.Min(channels.AbsMax(channel) + channels.Growth(channel, MoreOfChannel), most);
            return chosen + doubt * Math.Max(0, threshold - chosen);
        })];
    }

    /// <summary>The least number of 10 significant binary digits that is not below <paramref name="threshold"/>.</summary>
    public static double RoundUp(double threshold)
    {
        if (threshold == 0) return 0;
        int unit = Math.ILogB(threshold) - 9;
        return Math.ScaleB(Math.Ceiling(Math.ScaleB(threshold, -unit)), unit);
    }

    /// <summary>As the pipeline spells it: <c>percentile{percentile=99.99}</c>.</summary>
    public override string ToString() => Name switch
    {
        "percentile" => $"percentile{{percentile={Numbers.Format(Percentile)}}}",
        "mean-std" => $"mean-std{{lambda={Numbers.Format(Lambda)}}}",
        _ => Name,
    };

    /// <summary>The least bin edge that at least the given share of all numbers does not exceed.</summary>
    private double OfPercentile(ValueStatistics statistics)
    {
        long[] magnitudes = statistics.Histogram.Magnitudes();
        long below = 0;
        for (int k = 0; k < magnitudes.Length; k++)
        {
            below += magnitudes[k];
            if (below * 100.0 >= Percentile * statistics.Count) return (k + 1) * statistics.Histogram.Width;
        }
        return statistics.AbsMax;
    }

    /// <summary>|mean| + λ·σ where that is clearly below the maximum. Source: the reference tool MRT.</summary>
    private double OfDeviation(ValueStatistics statistics)
    {
        double reach = Math.Abs(statistics.Mean) + Lambda * statistics.Deviation;
        return reach < 0.95 * statistics.AbsMax ? reach : statistics.AbsMax;
    }
}

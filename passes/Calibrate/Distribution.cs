namespace CortexMl.Passes.Calibrate;

/// <summary>Where the numbers of one calibrated value lie, coarse enough to be drawn.</summary>
/// <param name="Name">As in the calibration file.</param>
/// <param name="Threshold">Largest magnitude that its integers reach.</param>
/// <param name="Low">Left end of the first bar, in the value's units.</param>
/// <param name="High">Right end of the last bar.</param>
/// <param name="Bars">
/// Heights of <see cref="Count"/> bars of equal width, two hexadecimal digits each: the fourth root of the count as a share of the tallest,
/// so that rare numbers can be seen.
/// </param>
public sealed record Distribution(string Name, double Threshold, double Low, double High, string Bars)
{
    /// <summary>Number of bars.</summary>
    public const int Count = 48;

    /// <summary>Smallest number seen.</summary>
    public float Min { get; init; }

    /// <summary>Largest number seen.</summary>
    public float Max { get; init; }

    internal static Distribution Of(CalibratedValue value, ValueStatistics statistics)
    {
        double reach = Math.Max(Math.Max(value.Threshold, statistics.AbsMax), double.Epsilon);
        double low = statistics.Min < 0 ? -reach : 0, width = reach - low;
        long[] counts = new long[Count];
        var histogram = statistics.Histogram;
        histogram.Each((bin, count) =>
        {
            double centre = (bin - Histogram.Half + 0.5) * histogram.Width;
            counts[Math.Clamp((int)((centre - low) / width * Count), 0, Count - 1)] += count;
        });
        double most = Math.Max(1, counts.Max());
        byte[] heights = [.. counts.Select(count => (byte)Math.Ceiling(byte.MaxValue * Math.Sqrt(Math.Sqrt(count / most))))];
        return new(value.Name, value.Threshold, low, reach, Convert.ToHexStringLower(heights))
        {
            Min = statistics.Min, Max = statistics.Max,
        };
    }
}

/// <summary>The distributions of all calibrated values, in the order of the calibration file.</summary>
public sealed record CalibratedDistributions(IReadOnlyList<Distribution> Values);

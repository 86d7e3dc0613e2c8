namespace CortexMl.Benchmarks;

/// <summary>Times of the runs of one engine, in milliseconds.</summary>
internal sealed class Timings
{
    private readonly List<double> _sorted = [];

    public int Count => _sorted.Count;

    public double Median => At(0.5);

    public void Add(TimeSpan time)
    {
        int at = _sorted.BinarySearch(time.TotalMilliseconds);
        _sorted.Insert(at < 0 ? ~at : at, time.TotalMilliseconds);
    }

    /// <summary>The time that this share of the runs did not exceed.</summary>
    public double At(double share) => _sorted[(int)((_sorted.Count - 1) * share)];
}

using System.Diagnostics;

namespace CortexMl.Benchmarks;

/// <summary>Something that runs a model, and how long it took.</summary>
/// <param name="Run">One run on inputs that are always the same.</param>
internal sealed record Contestant(string Name, Action Run, IDisposable Resource) : IDisposable
{
    private const int WarmUps = 3;

    public Timings Times { get; } = new();

    /// <param name="cancellation">Looked at before each run, for those that do not look themselves.</param>
    public void WarmUp(CancellationToken cancellation = default)
    {
        for (int i = 0; i < WarmUps; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            Run();
        }
    }

    public void Measure(CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        long start = Stopwatch.GetTimestamp();
        Run();
        Times.Add(Stopwatch.GetElapsedTime(start));
    }

    public void Dispose() => Resource.Dispose();
}

/// <summary>Several that are disposed together, however measuring ends.</summary>
internal sealed class Contestants : IDisposable
{
    private bool _isDisposed;

    public List<Contestant> All { get; } = [];

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        foreach (var contestant in All) contestant.Dispose();
    }
}

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

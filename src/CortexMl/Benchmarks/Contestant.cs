using System.Diagnostics;

namespace CortexMl.Benchmarks;

/// <summary>Something that runs a model, and how long it took.</summary>
/// <param name="Run">One run on inputs that are always the same.</param>
internal sealed record Contestant(string Name, Action Run, IDisposable Resource) : IDisposable
{
    private const int WarmUps = 3;

    public Timings Times { get; } = new();

    public void WarmUp()
    {
        for (int i = 0; i < WarmUps; i++) Run();
    }

    public void Measure()
    {
        long start = Stopwatch.GetTimestamp();
        Run();
        Times.Add(Stopwatch.GetElapsedTime(start));
    }

    public void Dispose() => Resource.Dispose();
}

namespace CortexMl.Benchmarks;

/// <summary>How fast a model runs; the JSON of <c>cortexml bench</c>. Times in milliseconds per run.</summary>
/// <param name="Engine">With the instruction set where the engine has several.</param>
/// <param name="Batch">Images of a run: the first dimension of the input.</param>
/// <param name="Runs">Measured runs, after those that warm up.</param>
/// <param name="PrepareMs">From the graph to the first run.</param>
/// <param name="LowMs">A quarter of the runs took less.</param>
/// <param name="HighMs">A quarter of the runs took more.</param>
/// <param name="Gops">10^9 operations a second, a multiplication and an addition of convolutions and dense layers being two.</param>
/// <param name="PeakBytes">
/// Largest working set of the process after reading the model, preparing it and running it, before any peer was prepared.
/// </param>
/// <param name="BoundBytes">What the peak should stay below, see <see cref="MemoryBound"/>.</param>
/// <param name="Groups">Share of the time of every fused group and single operation, in their order; empty on the interpreter.</param>
/// <param name="Against">Others, measured in turn with this one.</param>
/// <param name="PeakGops">
/// 10^9 operations a second of products of bytes between registers on one thread, measured in turn with the model; null on engines other
/// than the CPU engine, and where generated code cannot run. Groups whose sums stay in 16 bits for a while can exceed it.
/// </param>
/// <param name="Scaling">What threads gain; null for one thread, and for engines other than the CPU engine.</param>
public sealed record BenchReport(
    string Model, string Engine, int Threads, int Batch, int Runs, double PrepareMs, double MedianMs, double MinMs,
    double LowMs, double HighMs,
    double ImagesPerSecond, double Gops, long PeakBytes, long BoundBytes, IReadOnlyList<GroupShare> Groups,
    IReadOnlyList<BenchPeer> Against, ThreadScaling? Scaling, double? PeakGops)
{
    /// <summary>The median of <see cref="GroupShare.OfPeak"/> over all products; null where there is none, or no peak is known.</summary>
    public double? MedianOfPeak
    {
        get
        {
            double[] shares = [.. Groups.Select(group => group.OfPeak).OfType<double>().Order()];
            return shares.Length == 0 ? null : shares[shares.Length / 2];
        }
    }
}

/// <param name="Value">The value at the end of the group.</param>
/// <param name="Share">Of the time of a run, between 0 and 1.</param>
/// <param name="Gops">10^9 operations a second of its convolution or dense layer; null where it has none.</param>
/// <param name="OfPeak">
/// <paramref name="Gops"/> by what products of bytes between registers reach on the same threads in the same run, see
/// <see cref="BenchReport.PeakGops"/>; null where that is not known.
/// </param>
public sealed record GroupShare(string Value, double Milliseconds, double Share, double? Gops, double? OfPeak)
{
    /// <summary>The value of the network as it was loaded that the group computes; null where the folder does not tell.</summary>
    public string? Layer { get; init; }
}

/// <param name="Ratio">How many times as long as the engine it takes: the quotient of the medians.</param>
public sealed record BenchPeer(string Name, double MedianMs, double MinMs, double LowMs, double HighMs, double Ratio);

/// <param name="Engine">Fastest run with one thread by the fastest one with all.</param>
/// <param name="Registers">The same of a loop that never leaves the registers.</param>
/// <param name="Ratio">Engine by Registers: 1 where the engine scales as well as the machine allows.</param>
public sealed record ThreadScaling(double Engine, double Registers, double Ratio);

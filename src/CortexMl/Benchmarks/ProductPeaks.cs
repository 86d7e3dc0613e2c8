using CortexMl.Engines;
using CortexMl.Engines.Cpu.MachineCode;

namespace CortexMl.Benchmarks;

/// <summary>What products of bytes reach between registers on one thread, measured in turn with a model.</summary>
internal sealed class ProductPeaks : IDisposable
{
    private readonly Contestant _loop;
    private readonly long _operations;

    private ProductPeaks(ProductPeak peak)
    {
        (_operations, _loop) = (peak.Operations, new Contestant("registers", peak.Run, peak));
        _loop.WarmUp();
    }

    /// <summary>10^9 operations a second, the median of the runs.</summary>
    public double Gops => _operations / _loop.Times.Median / 1e6;

    /// <returns>Null for an engine without instruction sets, and where generated code cannot run.</returns>
    public static ProductPeaks? Of(EngineDescription engine, EngineTask task) =>
        engine.SharesRuns && ProductPeak.Of(task.Instructions) is { } peak ? new ProductPeaks(peak) : null;

    public void Measure() => _loop.Measure();

    public void Dispose() => _loop.Dispose();
}

using System.Diagnostics;
using CortexMl.Engines;
using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Benchmarks;

/// <summary>Adds up where the time of an engine's runs goes.</summary>
internal sealed class GroupTimes
{
    private readonly List<Value> _order = [];
    private readonly Dictionary<Value, long> _times = [];

    public void Add(Value value, long ticks)
    {
        if (!_times.TryGetValue(value, out long sum)) _order.Add(value);
        _times[value] = sum + ticks;
    }

    public void Clear()
    {
        _order.Clear();
        _times.Clear();
    }

    /// <param name="runs">Runs since the last <see cref="Clear"/>.</param>
    /// <param name="peak">10^9 operations a second of all threads between registers; null where that is not known.</param>
    public IReadOnlyList<GroupShare> Report(Graph graph, int runs, double? peak)
    {
        double all = _times.Values.Sum();
        var (names, work) = (Names.Of(graph), Work.OfGroups(graph));
        return [.. _order.Select(value =>
        {
            double milliseconds = _times[value] * 1000.0 / Stopwatch.Frequency / runs;
            double? gops = work.TryGetValue(value, out double operations) ? operations / milliseconds / 1e6 : null;
            return new GroupShare(names[value], milliseconds, _times[value] / all, gops, gops / peak);
        })];
    }
}

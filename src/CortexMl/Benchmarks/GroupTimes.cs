using System.Diagnostics;
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
    public IReadOnlyList<GroupShare> Report(Names names, int runs)
    {
        double all = _times.Values.Sum();
        return [.. _order.Select(v => new GroupShare(names[v], _times[v] * 1000.0 / Stopwatch.Frequency / runs, _times[v] / all))];
    }
}

using CortexMl.Ir;

namespace CortexMl.Analysis;

/// <summary>
/// Interval analysis of an integer graph with its real constants (spec/quantization.md §2.6): for every value, which integers it can hold, per index
/// of one axis where that is known. Ranges are computed on demand and remembered, so a pass may ask while it builds.
/// </summary>
/// <param name="inputs">Range of a graph input; null for what its precision claims.</param>
public sealed class Intervals(Func<Value, Interval>? inputs = null)
{
    private readonly Dictionary<Value, ValueRange> _ranges = [];
    private readonly List<Overflow> _overflows = [];

    /// <summary>An operation whose exact result does not fit int32, so that the runtime would wrap it.</summary>
    public sealed record Overflow(Operation Operation, Interval Exact);

    /// <summary>Possible wraps, in the order in which they were found.</summary>
    public IReadOnlyList<Overflow> Overflows => _overflows;

    /// <summary>The analysis of a whole graph, cached for its version.</summary>
    public static Intervals Of(Graph graph) => graph.Analysis(static g =>
    {
        var intervals = new Intervals();
        foreach (var operation in g.Operations) intervals.Visit(operation);
        return intervals;
    });

    public ValueRange this[Value value]
    {
        get
        {
            if (_ranges.TryGetValue(value, out var range)) return range;
            if (value.Producer is { } producer) Visit(producer);
            else _ranges[value] = ValueRange.Uniform(inputs?.Invoke(value) ?? Interval.Symmetric(value.Type.Element.Bound));
            return _ranges[value];
        }
    }

    private void Visit(Operation operation)
    {
        if (_ranges.ContainsKey(operation.Results[0])) return;
        var exact = operation.Constant is { } constant ? [ConstantRange.Of(constant)] : IntervalRules.Apply(operation, this);
        for (int i = 0; i < exact.Count; i++)
        {
            bool fits = exact[i].All.FitsInt32;
            if (!fits) _overflows.Add(new Overflow(operation, exact[i].All));
            _ranges[operation.Results[i]] = fits ? exact[i] : exact[i].Map(part => part.FitsInt32 ? part : Interval.Int32);
        }
    }
}

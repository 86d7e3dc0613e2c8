using CortexMl.Ir;
using CortexMl.Ir.Ranges;
using CortexMl.Ops.Ranges;

namespace CortexMl.Analysis;

/// <summary>
/// Interval analysis of an integer graph with its real constants (passes/Quantize/README.md §7): for every value, which integers it can
/// hold, per index of one axis where that is known. Ranges are computed on demand and remembered, so a pass may ask while it builds.
/// </summary>
/// <param name="inputs">Range of a graph input; null for what its precision claims.</param>
public sealed class Intervals(Func<Value, Interval>? inputs = null) : IRanges
{
    /// <summary>Intervals that are remembered at most, 16 bytes each; what comes later gets one for all of its indices.</summary>
    private const int MaxRemembered = 1 << 21;

    private readonly Dictionary<Value, ValueRange> _ranges = [];
    private long _work = 1 << 26;
    private int _remembered;
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

    bool IRanges.Spend(long elements)
    {
        if (elements > _work) return false;
        _work -= elements;
        return true;
    }

    private void Visit(Operation operation)
    {
        if (_ranges.ContainsKey(operation.Results[0])) return;
        if (operation.Constant is { } data) _work += 4 * data.Shape.Count;
        for (int i = 0; i < operation.Results.Count; i++)
        {
            var exact = operation.Constant is { } constant ? ConstantRange.Of(constant) : Exact(operation, i);
            bool fits = exact.All.FitsInt32;
            if (!fits) _overflows.Add(new Overflow(operation, exact.All));
            Remember(operation.Results[i], fits ? exact : exact.Map(part => part.FitsInt32 ? part : Interval.Int32));
        }
    }

    /// <summary>By the row's own rule; else what its traits say; else all that int32 holds.</summary>
    private ValueRange Exact(Operation operation, int result)
    {
        var spec = operation.Spec;
        if (result < spec.Ranges.Count) return spec.Ranges[result](operation, this);
        if (spec.Is(OpTraits.Reshapes)) return MoveIntervals.Reshape(operation, this);
        return spec.Is(OpTraits.Moves) ? MoveIntervals.Merged(operation, this) : ValueRange.Uniform(Interval.Int32);
    }

    private void Remember(Value value, ValueRange range)
    {
        bool fits = _remembered + range.Parts.Length <= MaxRemembered;
        if (fits) _remembered += range.Parts.Length;
        _ranges[value] = fits || range.Axis is null ? range : ValueRange.Uniform(range.All);
    }
}

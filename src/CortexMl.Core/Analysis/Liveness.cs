using CortexMl.Ir;

namespace CortexMl.Analysis;

/// <summary>Until when values are needed, in the order of the graph. Inputs are there before the first operation.</summary>
public sealed class Liveness
{
    private readonly Dictionary<Operation, int> _places = [];
    private readonly Dictionary<Value, int> _ends = [];
    private readonly int _count;

    private Liveness(Graph graph)
    {
        _count = graph.Operations.Count;
        foreach (var (place, operation) in graph.Operations.Index())
        {
            _places[operation] = place;
            foreach (var value in operation.Operands.Concat(operation.Results)) _ends[value] = place;
        }
        foreach (var output in graph.Outputs) _ends[output] = _count;
    }

    /// <summary>The analysis of a graph, cached for its version.</summary>
    public static Liveness Of(Graph graph) => graph.Analysis(static g => new Liveness(g));

    /// <summary>Whether somebody behind the operation, or the caller of the graph, still reads the value, which is there by then.</summary>
    public bool IsNeededBehind(Value value, Operation operation) => Start(value) <= _places[operation] && End(value) > _places[operation];

    /// <summary>The values that are needed behind an operation, constants apart, those that were there first first.</summary>
    public IReadOnlyList<Value> NeededBehind(Operation operation) =>
    [
        .. _ends.Keys.Where(value => !value.IsConstant && IsNeededBehind(value, operation))
            .OrderBy(Start).ThenBy(value => value.Index),
    ];

    private int Start(Value value) => value.Producer is { } producer ? _places[producer] : -1;

    private int End(Value value) => _ends.GetValueOrDefault(value, -1);
}

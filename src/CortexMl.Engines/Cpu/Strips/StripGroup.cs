using CortexMl.Ir;
using CortexMl.Ops;

namespace CortexMl.Engines.Cpu.Strips;

/// <summary>
/// Element-wise operations with results of as many elements each, which run strip by strip, one after the other, while a strip is in the
/// cache. Operations that only rename axes belong to it: their results are other names of what they read.
/// </summary>
/// <param name="count">Elements of every result.</param>
internal sealed class StripGroup(long count)
{
    private readonly List<Operation> _operations = [];
    private readonly Dictionary<Value, Value> _roots = [];

    public long Count { get; } = count;

    /// <summary>In the graph's order, those left out that only rename axes.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>Every value of the group, and the one among the results of <see cref="Operations"/> whose elements it has.</summary>
    public IReadOnlyDictionary<Value, Value> Roots => _roots;

    public void Add(Operation operation)
    {
        bool renames = operation.Spec.Is(OpTraits.Reshapes);
        _roots[operation.Result] = renames ? _roots[operation.Operands[0]] : operation.Result;
        if (!renames) _operations.Add(operation);
    }

    /// <summary>The results that something outside the group reads, by any of their names.</summary>
    public IReadOnlyList<Value> Stored()
    {
        var wanted = _roots.Where(pair => IsReadOutside(pair.Key)).Select(pair => pair.Value).ToHashSet();
        return [.. _operations.Select(operation => operation.Result).Where(wanted.Contains)];
    }

    private bool IsReadOutside(Value value) => value.Uses.Any(use => use.User is null || !Has(use.User));

    private bool Has(Operation operation) => operation.Results.Count == 1 && _roots.ContainsKey(operation.Result);
}

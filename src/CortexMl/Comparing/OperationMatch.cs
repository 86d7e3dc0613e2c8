using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Comparing;

/// <summary>
/// Which operation of one graph is which of another: by what it stands for and is called, then by what it computes from what is matched
/// already, front to back, then by who reads it, back to front. Never by the line on which it stands.
/// </summary>
internal sealed class OperationMatch
{
    private readonly Dictionary<Operation, Operation> _others = [];
    private readonly HashSet<Operation> _taken = [];
    private readonly Dictionary<Value, Value> _values = [];

    public OperationMatch(Graph first, Graph second)
    {
        foreach (var (one, other) in first.Inputs.Zip(second.Inputs)) _values[other] = one;
        ByName(first, second);
        ByOperands(first, second);
        ByReaders(second);
        ByContent(first, second);
    }

    /// <summary>The operation of the first graph that an operation of the second is; null for one that is new.</summary>
    public Operation? Of(Operation second) => _others.GetValueOrDefault(second);

    public bool IsMatched(Operation first) => _taken.Contains(first);

    /// <summary>Whether two values, of the first and the second graph, are the same one.</summary>
    public bool IsSame(Value first, Value second) => _values.GetValueOrDefault(second) == first;

    private static string? KeyOf(Operation operation) => operation.Results[0].Provenance?.Real.Name ?? operation.Results[0].Name;

    private void Match(Operation one, Operation other)
    {
        if (!_taken.Add(one)) return;
        _others[other] = one;
        foreach (var (old, now) in one.Results.Zip(other.Results)) _values[now] = old;
    }

    private void ByName(Graph first, Graph second)
    {
        var known = first.Operations.Where(o => KeyOf(o) is not null).ToLookup(o => (KeyOf(o), o.Spec));
        foreach (var other in second.Operations.Where(o => KeyOf(o) is not null))
            if (known[(KeyOf(other), other.Spec)].FirstOrDefault(one => !_taken.Contains(one)) is { } one) Match(one, other);
    }

    private void ByOperands(Graph first, Graph second)
    {
        var known = first.Operations.Where(o => o.Constant is null && o.Operands.Count > 0).ToLookup(o => (o.Spec, o.Operands[0]));
        foreach (var other in second.Operations.Where(o => o.Constant is null && o.Operands.Count > 0 && Of(o) is null))
        {
            if (!_values.TryGetValue(other.Operands[0], out var data)) continue;
            var likely = known[(other.Spec, data)].Where(one => !_taken.Contains(one)).ToList();
            var best = likely.FirstOrDefault(one => one.Attributes.Equals(other.Attributes)) ?? likely.FirstOrDefault();
            if (best is not null) Match(best, other);
        }
    }

    private void ByReaders(Graph second)
    {
        foreach (var other in second.Operations.Reverse())
        {
            if (Of(other) is not { } one) continue;
            foreach (var (old, now) in one.Operands.Zip(other.Operands))
                if (old.Producer is { } a && now.Producer is { } b && a.Spec == b.Spec && Of(b) is null) Match(a, b);
        }
    }

    // Constants that passes renamed, where their elements tell them.
    private void ByContent(Graph first, Graph second)
    {
        var known = first.Constants.Where(c => !_taken.Contains(c)).ToLookup(c => c.Constant!.Digest, StringComparer.Ordinal);
        foreach (var other in second.Constants.Where(c => Of(c) is null))
            if (known[other.Constant!.Digest].FirstOrDefault(one => !_taken.Contains(one)) is { } found) Match(found, other);
    }
}

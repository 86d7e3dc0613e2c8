using CortexMl.Cvm.Symbol;
using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Numerics;

namespace CortexMl.Cvm.Emit;

/// <summary>One node to write: a variable (<paramref name="Operation"/> is null) or an operation.</summary>
internal sealed record EmitNode(string Name, Operation? Operation, IReadOnlyList<Value> Results);

/// <summary>
/// Nodes, entry numbers and storage ids of a graph: <c>data</c> first, every constant right before the first operation that uses it.
/// </summary>
internal sealed class EmitTable
{
    private const string InputName = "data";
    private readonly Dictionary<Value, (int Node, int Output)> _places = [];
    private readonly UniqueNames _names = new();
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    public EmitTable(Graph graph)
    {
        Graph = graph;
        var operations = Order(graph);
        AddVariable(graph.Inputs[0], _names.Take(InputName));
        foreach (var operation in operations)
        {
            foreach (var operand in operation.Operands) AddConstant(operand);
            AddOperation(operation);
        }
        foreach (var output in graph.Outputs) AddConstant(output);
        StorageIds = NumberStorage();
    }

    public Graph Graph { get; }

    public List<EmitNode> Nodes { get; } = [];

    /// <summary>Every value in the order of entries.</summary>
    public IEnumerable<Value> Entries => Nodes.SelectMany(n => n.Results);

    /// <summary>Storage id of each entry.</summary>
    public IReadOnlyList<long> StorageIds { get; }

    /// <summary>The constants with their names in the files.</summary>
    public IEnumerable<(string Name, Value Value)> Parameters =>
        Nodes.Where(n => n.Operation is null).Skip(1).Select(n => (n.Name, n.Results[0]));

    public (int Node, int Output) Place(Value value) => _places[value];

    /// <summary>The operations that the outputs need: as they run where slots were given for that order, else in post-order.</summary>
    private static List<Operation> Order(Graph graph)
    {
        var order = PostOrder.Of(graph).Where(o => o.Constant is null).ToList();
        if (!order.Exists(o => o.Attributes.Has(RowCheck.Slot.Name))) return order;
        var needed = order.ToHashSet();
        return [.. graph.Operations.Where(needed.Contains)];
    }

    private void AddConstant(Value value)
    {
        if (value.IsConstant && !_places.ContainsKey(value)) AddVariable(value, _names.Take(Sanitized(value.Name!)));
    }

    private void AddVariable(Value value, string name)
    {
        _places[value] = (Nodes.Count, 0);
        Nodes.Add(new EmitNode(name, null, [value]));
    }

    private void AddOperation(Operation operation)
    {
        string kind = operation.Spec.CvmName!;
        int number = _counts.GetValueOrDefault(kind);
        _counts[kind] = number + 1;
        foreach (var result in operation.Results) _places[result] = (Nodes.Count, result.Index);
        Nodes.Add(new EmitNode($"{kind}_{Numbers.Format(number)}", operation, operation.Results));
    }

    /// <summary>Slots of the plan for results; what has none, and every variable, gets an id of its own behind them.</summary>
    private List<long> NumberStorage()
    {
        var slots = Nodes.Select(n => (n.Operation?.Attributes[RowCheck.Slot.Name] as AttributeValue.Ints)?.Value).ToList();
        long next = slots.Max(s => s is { Length: > 0 } given ? given.Max() : -1) + 1;
        var ids = new Dictionary<Value, long>();
        for (int node = 0; node < Nodes.Count; node++)
        {
            if (Nodes[node].Operation is null) continue;
            foreach (var result in Nodes[node].Results)
                ids[result] = slots[node] is { } given && result.Index < given.Length ? given[result.Index] : next++;
        }
        return [.. Entries.Select(value => ids.TryGetValue(value, out long id) ? id : next++)];
    }

    /// <summary>The runtime's reader takes any byte but line breaks; we write no control characters at all.</summary>
    private static string Sanitized(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '_' : c));
}

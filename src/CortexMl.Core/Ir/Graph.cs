namespace CortexMl.Ir;

/// <summary>
/// A network as operations in topological order. Build one with <see cref="GraphBuilder"/>, change it with <see cref="Rewriter"/>; nothing else mutates it.
/// </summary>
public sealed class Graph
{
    private readonly List<Value> _inputs = [];
    private readonly List<Operation> _operations = [];
    private readonly HashSet<Operation> _members = [];
    private readonly List<Value> _outputs = [];
    private readonly Dictionary<Type, (int Version, object Result)> _analyses = [];

    internal Graph(string name, Level level)
    {
        Name = name;
        Level = level;
    }

    public string Name { get; internal set; }

    /// <summary>Which legality table the verifier holds this graph to.</summary>
    public Level Level { get; internal set; }

    public IReadOnlyList<Value> Inputs => _inputs;

    /// <summary>Operations in topological order, constants included; a constant stands anywhere before its first use.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>The returned values, in order; one value may be returned twice.</summary>
    public IReadOnlyList<Value> Outputs => _outputs;

    /// <summary>Facts about the whole network: <c>postprocess = "argmax"</c>.</summary>
    public Attributes Attributes { get; internal set; } = Attributes.Empty;

    /// <summary>Counts mutations; cached analyses are valid for one version.</summary>
    public int Version { get; private set; }

    /// <summary>Whether the operation is part of the graph now.</summary>
    public bool Contains(Operation operation) => _members.Contains(operation);

    /// <summary>The operations that are constants, in order.</summary>
    public IEnumerable<Operation> Constants => _operations.Where(o => o.Constant is not null);

    /// <summary>An analysis of this version of the graph, computed once: intervals, liveness, names.
    /// A graph that nobody changes may be read by many threads at once; the first that asks computes, the others wait.</summary>
    public T Analysis<T>(Func<Graph, T> compute) where T : class
    {
        lock (_analyses)
        {
            if (_analyses.TryGetValue(typeof(T), out var cached) && cached.Version == Version) return (T)cached.Result;
            T result = compute(this);
            _analyses[typeof(T)] = (Version, result);
            return result;
        }
    }

    internal void Touch() => Version++;

    internal Value AddInput(string name, TensorType type)
    {
        var value = new Value(type, name, null, _inputs.Count);
        _inputs.Add(value);
        Touch();
        return value;
    }

    internal void RemoveInput(Value input)
    {
        _inputs.Remove(input);
        for (int i = 0; i < _inputs.Count; i++) _inputs[i].Index = i;
        Touch();
    }

    internal int IndexOf(Operation operation) => _operations.IndexOf(operation);

    internal void Insert(int index, Operation operation)
    {
        _operations.Insert(index, operation);
        _members.Add(operation);
        Touch();
    }

    internal void Append(Operation operation) => Insert(_operations.Count, operation);

    internal void Remove(Operation operation)
    {
        _operations.Remove(operation);
        _members.Remove(operation);
        operation.DropOperands();
        Touch();
    }

    internal void SetOutputs(IReadOnlyList<Value> outputs)
    {
        for (int i = 0; i < _outputs.Count; i++) _outputs[i].RemoveUse(new Use(null, i));
        _outputs.Clear();
        _outputs.AddRange(outputs);
        for (int i = 0; i < _outputs.Count; i++) _outputs[i].AddUse(new Use(null, i));
        Touch();
    }

    internal void SetOrder(IReadOnlyList<Operation> order)
    {
        _operations.Clear();
        _operations.AddRange(order);
        Touch();
    }

    internal void SetOutput(int index, Value value)
    {
        _outputs[index].RemoveUse(new Use(null, index));
        _outputs[index] = value;
        value.AddUse(new Use(null, index));
        Touch();
    }
}

namespace CortexMl.Ir;

/// <summary>
/// A network as operations in topological order. Build one with <see cref="GraphBuilder"/>, change it with <see cref="Rewriter"/>;
/// nothing else mutates it.
/// </summary>
public sealed class Graph
{
    private readonly List<Value> _inputs = [];
    private readonly HashSet<Operation> _members = [];
    private readonly List<Value> _outputs = [];

    /// <summary>The ends of the chain that operations make: places in front of and behind one are found without counting.</summary>
    private Operation? _first, _last;

    /// <summary>The chain as a list, until it changes.</summary>
    private Operation[]? _listed;

    /// <summary>Of the version <see cref="_analysed"/>.</summary>
    private readonly Dictionary<(Type Result, object? Question), object> _analyses = [];
    private int _analysed;

    internal Graph(string name, Level level)
    {
        Name = name;
        Level = level;
    }

    public string Name { get; internal set; }

    /// <summary>Which legality table the verifier holds this graph to.</summary>
    public Level Level { get; internal set; }

    public IReadOnlyList<Value> Inputs => _inputs;

    /// <summary>
    /// Operations in topological order, constants included; a constant stands anywhere before its first use. What was returned stays as
    /// it is when the graph changes.
    /// </summary>
    public IReadOnlyList<Operation> Operations => _listed ??= Listed();

    /// <summary>The returned values, in order; one value may be returned twice.</summary>
    public IReadOnlyList<Value> Outputs => _outputs;

    /// <summary>Facts about the whole network: <c>postprocess = "argmax"</c>.</summary>
    public Attributes Attributes { get; internal set; } = Attributes.Empty;

    /// <summary>Counts mutations; cached analyses are valid for one version.</summary>
    public int Version { get; private set; }

    /// <summary>Whether the operation is part of the graph now.</summary>
    public bool Contains(Operation operation) => _members.Contains(operation);

    /// <summary>The operations that are constants, in order.</summary>
    public IEnumerable<Operation> Constants => Operations.Where(o => o.Constant is not null);

    /// <summary>
    /// An analysis of this version of the graph, computed once: intervals, liveness, names. A graph that nobody changes may be read by many
    /// threads at once; the first that asks computes, the others wait.
    /// </summary>
    /// <param name="question">
    /// What tells this analysis from others of the same result type, compared by value; null where it is the only one.
    /// </param>
    public T Analysis<T>(Func<Graph, T> compute, object? question = null)
        where T : class
    {
        lock (_analyses)
        {
            if (_analysed != Version) _analyses.Clear();
            _analysed = Version;
            if (_analyses.TryGetValue((typeof(T), question), out object? cached)) return (T)cached;
            T result = compute(this);
            _analyses[(typeof(T), question)] = result;
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

    internal void RemoveInputs(IReadOnlySet<Value> inputs)
    {
        _inputs.RemoveAll(inputs.Contains);
        for (int i = 0; i < _inputs.Count; i++) _inputs[i].Index = i;
        Touch();
    }

    /// <param name="anchor">What the operation stands before; null for the end.</param>
    internal void Insert(Operation? anchor, Operation operation)
    {
        Link(anchor is null ? _last : anchor.Previous, operation);
        Link(operation, anchor);
        _members.Add(operation);
        _listed = null;
        Touch();
    }

    internal void Append(Operation operation) => Insert(null, operation);

    internal void Remove(Operation operation)
    {
        Link(operation.Previous, operation.Next);
        _members.Remove(operation);
        _listed = null;
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
        (_first, _last) = (null, null);
        Operation? before = null;
        foreach (var operation in order)
        {
            Link(before, operation);
            before = operation;
        }
        Link(before, null);
        _listed = null;
        Touch();
    }

    /// <summary>Makes neighbours of two operations; null is the graph's end on that side.</summary>
    private void Link(Operation? before, Operation? after)
    {
        if (before is null) _first = after;
        else before.Next = after;
        if (after is null) _last = before;
        else after.Previous = before;
    }

    private Operation[] Listed()
    {
        var listed = new Operation[_members.Count];
        int count = 0;
        for (var operation = _first; operation is not null; operation = operation.Next) listed[count++] = operation;
        return listed;
    }

    internal void SetOutput(int index, Value value)
    {
        _outputs[index].RemoveUse(new Use(null, index));
        _outputs[index] = value;
        value.AddUse(new Use(null, index));
        Touch();
    }
}

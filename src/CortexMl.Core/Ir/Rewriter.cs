using CortexMl.Diagnostics;
using CortexMl.Ir.Origins;
using CortexMl.Ir.Walks;
using CortexMl.Tensors;

namespace CortexMl.Ir;

/// <summary>
/// The only way to change a graph. Counts rewrites, keeps names and source locations, and can stop after N rewrites, which is how a
/// miscompile is bisected.
/// </summary>
/// <param name="limit">How many rewrites are allowed; null for no limit.</param>
public sealed class Rewriter(Graph graph, long? limit = null)
{
    /// <summary>Names in use, of constants and of all other values; gathered when the first new name is needed.</summary>
    private HashSet<string>? _constants, _values;

    private readonly Dictionary<(string Name, bool IsConstant), int> _suffixes = [];

    /// <summary>Values whose names are free for others.</summary>
    private readonly HashSet<Value> _nameless = [];

    public Graph Graph { get; } = graph;

    /// <summary>Hears of each replacement before it is made; null where nobody listens.</summary>
    public Action<Value, Value>? Replacing { get; set; }

    /// <summary>
    /// Rewrites so far: one for each <see cref="Replace(Value, Value)"/> of a value, and what <see cref="AddCount"/> was told.
    /// </summary>
    public long Count { get; private set; }

    /// <summary>Counts work that is no replacement: operations lowered, types noted.</summary>
    public void AddCount(long rewrites) => Count += rewrites;

    /// <summary>True when the limit is reached: a pass stops looking for more.</summary>
    public bool Exhausted => limit is { } max && Count >= max;

    /// <summary>Inserts an operation before <paramref name="anchor"/> (at the end where null) and infers its types.</summary>
    /// <exception cref="RuleException">The operands or attributes do not fit the row.</exception>
    public Operation Insert(
        Operation? anchor, OpSpec spec, IReadOnlyList<Value> operands, Attributes? attributes = null, SourceLocation? location = null)
    {
        attributes ??= Attributes.Empty;
        location ??= anchor?.Location ?? SourceLocation.Unknown;
        var types = spec.Infer(new ProposedOperation(spec, [.. operands.Select(o => o.Type)], attributes, location));
        var operation = new Operation(spec, operands, attributes, types, location);
        Graph.Insert(anchor, operation);
        return operation;
    }

    /// <summary>
    /// Inserts a constant before <paramref name="anchor"/> under the first free name that starts with <paramref name="name"/>.
    /// </summary>
    public Value InsertConstant(
        Operation? anchor, string name, Tensor tensor, TensorType type, SourceLocation? location = null, ConstantOrigin? origin = null)
    {
        var operation = new Operation(
            OpSpec.Constant, [], Attributes.Empty, [type], location ?? anchor?.Location ?? SourceLocation.Unknown,
            new ConstantData(tensor, origin));
        operation.Result.Name = FreeName(name, constant: true);
        Graph.Insert(anchor, operation);
        return operation.Result;
    }

    /// <summary>An f32 constant.</summary>
    public Value InsertConstant(Operation? anchor, string name, Tensor<float> tensor) =>
        InsertConstant(anchor, name, tensor, TensorType.Float(tensor.Shape));

    /// <summary>
    /// Every use of <paramref name="old"/> becomes a use of <paramref name="replacement"/>, which takes over name, threshold, provenance
    /// and source nodes, as far as it has none.
    /// </summary>
    public void Replace(Value old, Value replacement) => Replace(old, replacement, static _ => true);

    /// <summary>As <see cref="Replace(Value, Value)"/>, for the uses that <paramref name="where"/> selects.</summary>
    public void Replace(Value old, Value replacement, Func<Use, bool> where)
    {
        if (ReferenceEquals(old, replacement)) return;
        Replacing?.Invoke(old, replacement);
        Count++;
        foreach (var use in old.Uses.Where(where).ToList())
        {
            if (use.User is null) Graph.SetOutput(use.Index, replacement);
            else use.User.SetOperand(use.Index, replacement);
        }
        if (old.Uses.Count == 0) Inherit(old, replacement);
        Graph.Touch();
    }

    public void SetOperand(Operation operation, int index, Value value)
    {
        operation.SetOperand(index, value);
        Graph.Touch();
    }

    public void SetType(Value value, TensorType type)
    {
        value.Type = type;
        Graph.Touch();
    }

    /// <summary>
    /// Infers the types of everything that is computed from a value again, as far as they change; what is known of a value's numbers stays
    /// where its shape does.
    /// </summary>
    /// <exception cref="RuleException">An operation behind it does not take the new type.</exception>
    public void InferBehind(Value value)
    {
        var changed = new HashSet<Value> { value };
        foreach (var operation in Graph.Operations.Where(o => o.Operands.Any(changed.Contains)))
            foreach (var (result, type) in operation.Results.Zip(operation.Spec.Infer(operation)))
            {
                if (type.Fits(result.Type)) continue;
                SetType(result, type with { Scale = result.Type.Scale, Threshold = result.Type.Threshold });
                changed.Add(result);
            }
    }

    public void SetAttributes(Operation operation, Attributes attributes)
    {
        operation.Attributes = attributes;
        Graph.Touch();
    }

    public void SetGraphAttributes(Attributes attributes)
    {
        Graph.Attributes = attributes;
        Graph.Touch();
    }

    /// <summary>Says what a value stands for; null for nothing of the loaded network.</summary>
    public void SetProvenance(Value value, Provenance? provenance) => value.Provenance = provenance;

    public void SetLevel(Level level) => Graph.Level = level;

    public void SetOutputs(IReadOnlyList<Value> outputs) => Graph.SetOutputs(outputs);

    public void SetName(Value value, string? name)
    {
        if (name is not null) value.Name = FreeName(name, value.IsConstant, value);
        else if (value.Name is { } old)
        {
            (value.IsConstant ? _constants : _values)?.Remove(old);
            value.Name = null;
        }
        Graph.Touch();
    }

    /// <summary>
    /// Frees the names of everything that is in the graph now, for values that take its place: those are erased before the pass ends, and
    /// keep their names until then.
    /// </summary>
    public void ReleaseNames()
    {
        (_constants, _values) = (new(StringComparer.Ordinal), new(StringComparer.Ordinal));
        _nameless.UnionWith(Graph.Inputs.Concat(Graph.Operations.SelectMany(o => o.Results)));
    }

    /// <summary>Adds a graph input under the first free name that starts with <paramref name="name"/>.</summary>
    public Value AddInput(string name, TensorType type) => Graph.AddInput(FreeName(name, constant: false), type);

    /// <summary>Removes graph inputs, all in one go: those that stay are numbered once.</summary>
    /// <exception cref="InvalidOperationException">One is still used; none is removed.</exception>
    public void RemoveInputs(IReadOnlyCollection<Value> inputs)
    {
        if (inputs.FirstOrDefault(i => i.Uses.Count > 0) is { } used) throw new InvalidOperationException($"input {used} is still used");
        foreach (var input in inputs)
            if (!_nameless.Remove(input) && input.Name is { } name) _values?.Remove(name);
        Graph.RemoveInputs(inputs.ToHashSet());
    }

    /// <summary>Replaces the order of operations by another topological one.</summary>
    public void Reorder(IReadOnlyList<Operation> order)
    {
        if (order.Count != Graph.Operations.Count) throw new ArgumentException("another set of operations");
        Graph.SetOrder(order);
    }

    /// <exception cref="InvalidOperationException">A result is still used.</exception>
    public void Erase(Operation operation)
    {
        if (operation.Results.Any(r => r.Uses.Count > 0)) throw new InvalidOperationException($"{operation} is still used");
        Release(operation);
        Graph.Remove(operation);
    }

    /// <summary>Erases the operation and, with it, whatever only it used.</summary>
    public void EraseDead(Operation operation)
    {
        var dead = new Stack<Operation>([operation]);
        while (dead.TryPop(out var next))
        {
            if (next.Results.Any(r => r.Uses.Count > 0) || !Graph.Contains(next)) continue;
            var producers = next.Operands.Select(o => o.Producer).OfType<Operation>().ToList();
            Erase(next);
            foreach (var producer in producers) dead.Push(producer);
        }
    }

    private HashSet<string> Constants => _constants ??= NamesOf(Graph.Constants.Select(o => o.Result));

    private HashSet<string> Values =>
        _values ??= NamesOf(Graph.Inputs.Concat(Graph.Operations.Where(o => o.Constant is null).SelectMany(o => o.Results)));

    private void Inherit(Value old, Value replacement)
    {
        if (!replacement.IsConstant) replacement.Provenance ??= old.Provenance;
        if (replacement.Producer is not { } producer || old.Producer is null || replacement.IsConstant != old.IsConstant) return;
        producer.Location = old.Producer.Location.Merge(producer.Location);
        if (replacement.Name is null && old.Name is { } name)
        {
            old.Name = null;
            replacement.Name = name;
        }
        if (old.Type.Threshold is { } threshold && replacement.Type is { Element.IsFloat: true, Threshold: null })
        {
            replacement.Type = replacement.Type with
            {
                Threshold = threshold,
                Channels = old.Type.Channels,
                Reading = old.Type.Reading,
            };
        }
    }

    private string FreeName(string name, bool constant, Value? except = null)
    {
        if (except?.Name == name) return name;
        var taken = constant ? Constants : Values;
        if (except?.Name is { } old) taken.Remove(old);
        if (taken.Add(name)) return name;
        // Where the search for this name ended last time: names are given back, but seldom.
        for (int suffix = _suffixes.GetValueOrDefault((name, constant), 1); ; suffix++)
        {
            string free = $"{name}.{suffix}";
            if (!taken.Add(free)) continue;
            _suffixes[(name, constant)] = suffix + 1;
            return free;
        }
    }

    private void Release(Operation operation)
    {
        foreach (var result in operation.Results)
            if (!_nameless.Remove(result) && result.Name is { } name) (result.IsConstant ? _constants : _values)?.Remove(name);
    }

    private static HashSet<string> NamesOf(IEnumerable<Value> values) =>
        values.Where(v => v.Name is not null).Select(v => v.Name!).ToHashSet(StringComparer.Ordinal);
}

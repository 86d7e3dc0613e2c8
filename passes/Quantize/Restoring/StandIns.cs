using CortexMl.Ir;
using CortexMl.Ir.Walks;

namespace CortexMl.Passes.Quantize.Restoring;

/// <summary>Integers that stand for a float value: real = integer / scale.</summary>
public sealed record StandIn(Value Integers, Scale Scale);

/// <summary>
/// The float graph as quantize found it, and which integers stand for each of its values, followed through every pass behind it. Put among
/// <see cref="PassServices.Given"/> and the instrumentations by whoever wants to know what single operations cost in integers.
/// </summary>
/// <param name="always">Keep the record although no operation asks to stay in float.</param>
public sealed class StandIns(bool always = false) : IPassInstrumentation
{
    private readonly Dictionary<Value, Value> _next = [];
    private readonly Dictionary<Value, StandIn> _raw = [];
    private readonly Dictionary<Value, string> _names = [];
    private readonly HashSet<Value> _rounded = [], _handedOn = [], _made = [];
    private readonly Dictionary<Value, IReadOnlyList<float>> _limits = [];
    private Dictionary<Value, string>? _calibrated, _layers;

    /// <summary>Null until quantize ran, and where nothing asks for it.</summary>
    public Graph? Floats { get; private set; }

    /// <summary>Operations of <see cref="Floats"/> that ask to stay in float, in its order.</summary>
    public IReadOnlyList<Operation> Restored { get; private set; } = [];

    /// <summary>What a result of <see cref="Floats"/> is called: as calibrate saw it, as far as it did.</summary>
    public string NameOf(Value value) => _names[value];

    /// <summary>
    /// Whether the integers of a value are rounded already to what those who read it asked for, since its operation only hands that on, and
    /// what they are made of is more exact.
    /// </summary>
    public bool IsRounded(Value floats) => _rounded.Contains(floats);

    /// <summary>Whether a pass behind restore-float put the value's operation into the network.</summary>
    public bool IsMade(Value floats) => _made.Contains(floats);

    /// <summary>
    /// The largest number of each channel (axis 1) of a result whose operation leaves its upper limit to the saturation of integers; null
    /// of others.
    /// </summary>
    public IReadOnlyList<float>? LimitOf(Value floats) => _limits.GetValueOrDefault(floats);

    /// <summary>Notes such a limit, of a value of the network behind restore-float.</summary>
    internal void Limit(Value value, IReadOnlyList<float> most)
    {
        if (_calibrated is not null) _limits[value] = most;
    }

    public void Replaced(Value old, Value replacement)
    {
        if (_calibrated is not null) _next[old] = replacement;
    }

    /// <summary>From now on values are followed, by the names that they have in this graph; where an operation asks for it.</summary>
    internal void Follow(Graph graph)
    {
        if (_calibrated is not null || (!always && !graph.Operations.Any(RestoreFloat.Asks))) return;
        var names = Names.Of(graph);
        _calibrated = Values(graph).Where(v => !v.IsConstant).ToDictionary(v => v, v => names[v]);
        _layers = [];
        // A layer may be made again with another bias, and what it returns is not its old result any more.
        foreach (var layer in graph.Operations.Where(o => o.Spec.Is(OpTraits.Product) && o["weight"].IsConstant))
            _layers.TryAdd(layer["weight"], names[layer.Result]);
    }

    /// <summary>
    /// The integers that an operation makes of a value, in a graph behind quantize: all that read the value read them, or what they are
    /// requantized to. Null where none are left: nobody reads them, or all who do look through the operation.
    /// </summary>
    public StandIn? Of(Value floats, Graph graph) =>
        _raw.TryGetValue(floats, out var raw) && Now(raw.Integers, graph) is { } now && now.Type.Shape.Count == floats.Type.Shape.Count
            && (raw.Scale.Axis is null || now.Type.Shape == raw.Integers.Type.Shape) ? raw with { Integers = now } : null;

    /// <summary>Called by quantize with its float graph, before it changes it.</summary>
    internal IReadOnlyList<Value> Begin(Graph graph)
    {
        Follow(graph);
        if (_calibrated is null) return [];
        Floats = GraphCopy.Of(graph);
        Restored = [.. Floats.Operations.Where(RestoreFloat.Asks)];
        RestoreFloat.Forget(Floats, new Rewriter(Floats));
        var names = Names.Of(graph);
        var known = new Dictionary<Value, string>();
        foreach (var (value, name) in _calibrated) known.TryAdd(Now(value, graph) ?? value, name);
        var values = Values(graph);
        foreach (var (value, copy) in values.Zip(Values(Floats)))
        {
            string? own = known.GetValueOrDefault(value) ?? OfLayer(value) ?? value.Provenance?.Real.Name;
            if (_limits.Remove(value, out var most)) _limits[copy] = most;
            _names[copy] = own ?? value.Name ?? names[value];
            if (own is null && value.Producer is { Constant: null }) _made.Add(copy);
        }
        return values;
    }

    /// <summary>Called by quantize when all integers are there.</summary>
    /// <param name="values">What <see cref="Begin"/> returned.</param>
    internal void End(IReadOnlyList<Value> values, Quantizer quantizer)
    {
        if (values.Count == 0) return;
        foreach (var (value, copy) in values.Zip(Values(Floats!)).Where(pair => !pair.First.IsConstant))
        {
            _raw[copy] = new StandIn(quantizer.Raw(value), quantizer.Raw(value).Type.Scale!);
            if (value.Producer is { } operation && HandsOn(operation, quantizer)) _rounded.Add(copy);
        }
    }

    private bool HandsOn(Operation operation, Quantizer quantizer)
    {
        var rule = LoweringTable.Find(operation)!;
        int bits = quantizer.Raw(operation.Result).Type.Precision;
        var read = operation.Operands.Index().Where(o => !o.Item.IsConstant).ToList();
        return read.All(o => rule.Freedom(operation, o.Index, quantizer.Demands) == ScaleFreedom.HandedOn)
            && read.Any(o => o.Item.IsInput || quantizer.Raw(o.Item).Type.Precision > bits || _handedOn.Contains(o.Item))
            && _handedOn.Add(operation.Result);
    }

    private string? OfLayer(Value value) => value.Producer is { Constant: null } op && op.Spec.Is(OpTraits.Product)
        ? _layers!.GetValueOrDefault(op["weight"]) : null;

    private Value? Now(Value value, Graph graph)
    {
        while (!IsIn(value, graph))
        {
            if (!_next.TryGetValue(value, out var next)) return null;
            value = next;
        }
        return value;
    }

    private static bool IsIn(Value value, Graph graph) => value.Producer is { } producer
        ? graph.Contains(producer) && (value.Uses.Count > 0 || value.IsOutput)
        : value.Index < graph.Inputs.Count && graph.Inputs[value.Index] == value;

    private static List<Value> Values(Graph graph) => [.. graph.Inputs, .. graph.Operations.SelectMany(o => o.Results)];
}

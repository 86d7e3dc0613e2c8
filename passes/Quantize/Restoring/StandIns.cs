using CortexMl.Ir;
using CortexMl.Ir.Walks;
using CortexMl.Passes.Calibrate;

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
    private readonly Dictionary<Value, IReadOnlyList<StandIn>> _forms = [];
    private readonly Dictionary<Value, string> _names = [];
    private bool _follows;

    /// <summary>Null until quantize ran, and where nothing asks for it.</summary>
    public Graph? Floats { get; private set; }

    /// <summary>Operations of <see cref="Floats"/> that ask to stay in float, in its order.</summary>
    public IReadOnlyList<Operation> Restored { get; private set; } = [];

    /// <summary>What a result of <see cref="Floats"/> is called: as calibrate saw it, as far as it did.</summary>
    public string NameOf(Value value) => _names[value];

    /// <summary>From now on values are followed.</summary>
    public void Follow() => _follows = true;

    public void Replaced(Value old, Value replacement)
    {
        if (_follows) _next[old] = replacement;
    }

    /// <summary>
    /// The integers that stand for a value in a graph behind quantize: first what its operation makes, then what that is requantized to for
    /// those who read it. Empty where none is left: nobody reads them, or all who do look through the operation.
    /// </summary>
    public IReadOnlyList<StandIn> Of(Value floats, Graph graph)
    {
        var found = new List<StandIn>();
        foreach (var form in _forms.GetValueOrDefault(floats) ?? [])
            if (Now(form.Integers, graph) is { } now && now.Type.Shape.Count == floats.Type.Shape.Count
                && (form.Scale.Axis is null || now.Type.Shape == form.Integers.Type.Shape)) found.Add(form with { Integers = now });
        return found;
    }

    /// <summary>Called by quantize with its float graph, before it changes it.</summary>
    internal IReadOnlyList<Value> Begin(Graph graph, CalibratedNames? calibrated)
    {
        if (!always && !graph.Operations.Any(RestoreFloat.Asks)) return [];
        Follow();
        Floats = GraphCopy.Of(graph);
        Operation[] restored = [.. Floats.Operations.Where(RestoreFloat.Asks)];
        RestoreFloat.Forget(Floats, new Rewriter(Floats));
        Restored = restored;
        var names = Names.Of(graph);
        var known = new Dictionary<Value, string>();
        foreach (var (value, name) in calibrated?.Values ?? []) known[Now(value, graph) ?? value] = name;
        var values = Values(graph);
        foreach (var (value, copy) in values.Zip(Values(Floats)))
            _names[copy] = known.GetValueOrDefault(value) ?? value.Name ?? value.Provenance?.Real.Name ?? names[value];
        return values;
    }

    /// <summary>Called by quantize when all integers are there.</summary>
    /// <param name="values">What <see cref="Begin"/> returned.</param>
    internal void End(IReadOnlyList<Value> values, Quantizer quantizer)
    {
        if (values.Count == 0) return;
        foreach (var (value, copy) in values.Zip(Values(Floats!)))
            if (!value.IsConstant)
                _forms[copy] = [.. quantizer.Forms(value).Select(integers => new StandIn(integers, integers.Type.Scale!))];
    }

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

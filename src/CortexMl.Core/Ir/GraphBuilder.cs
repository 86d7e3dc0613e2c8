using CortexMl.Diagnostics;
using CortexMl.Tensors;

namespace CortexMl.Ir;

/// <summary>Builds a graph from front to back; result types come from the operator rows.</summary>
/// <example><code>
/// var build = new GraphBuilder("head", Level.Float);
/// var data = build.Input("data", TensorType.Float(1, 4));
/// build.Output(build.Op(Nn.Relu, [data]));
/// Graph graph = build.Build();
/// </code></example>
public sealed class GraphBuilder(string name, Level level)
{
    private readonly Graph _graph = new(name, level);
    private readonly List<Value> _outputs = [];
    private readonly HashSet<string> _values = new(StringComparer.Ordinal), _constants = new(StringComparer.Ordinal);

    /// <summary>Where to go on looking for a free suffix, so that a thousand equal names do not cost a million look-ups.</summary>
    private readonly Dictionary<string, int> _lastSuffix = new(StringComparer.Ordinal);

    public Level Level => _graph.Level;

    public Value Input(string name, TensorType type) => _graph.AddInput(Unique(_values, name)!, type);

    /// <summary>A float constant; its type is f32 and the tensor's shape.</summary>
    public Value Constant(string name, Tensor<float> tensor, ConstantOrigin? origin = null, SourceLocation? location = null) =>
        Constant(name, new ConstantData(tensor, origin), TensorType.Float(tensor.Shape), location);

    /// <summary>An integer constant of the given precision; the caller vouches that every element is within ±α(p).</summary>
    public Value Constant(string name, Tensor<int> tensor, int precision, Scale? scale = null, ConstantOrigin? origin = null,
        SourceLocation? location = null) =>
        Constant(name, new ConstantData(tensor, origin), TensorType.Integer(precision, tensor.Shape, scale), location);

    public Value Constant(string name, ConstantData data, TensorType type, SourceLocation? location = null)
    {
        var operation = new Operation(OpSpec.Constant, [], Attributes.Empty, [type], location ?? SourceLocation.Unknown, data);
        operation.Result.Name = Unique(_constants, name);
        _graph.Append(operation);
        return operation.Result;
    }

    /// <summary>Applies a row with one result; see <see cref="Operation"/> for several.</summary>
    /// <exception cref="RuleException">The operands or attributes do not fit the row.</exception>
    public Value Op(
        OpSpec spec, IReadOnlyList<Value> operands, Attributes? attributes = null, string? name = null, SourceLocation? location = null) =>
        Operation(spec, operands, attributes, name is null ? null : [name], location).Result;

    public Operation Operation(
        OpSpec spec, IReadOnlyList<Value> operands, Attributes? attributes = null, IReadOnlyList<string?>? names = null,
        SourceLocation? location = null)
    {
        attributes ??= Attributes.Empty;
        location ??= SourceLocation.Unknown;
        var types = spec.Infer(new ProposedOperation(spec, [.. operands.Select(o => o.Type)], attributes, location));
        var operation = new Operation(spec, operands, attributes, types, location);
        for (int i = 0; i < operation.Results.Count; i++) operation.Results[i].Name = Unique(_values, names?.ElementAtOrDefault(i));
        _graph.Append(operation);
        return operation;
    }

    /// <summary>Sets scale and threshold of a value; the element and shape must stay what the row inferred.</summary>
    public void SetType(Value value, TensorType type) => value.Type = type;

    public void SetAttributes(Attributes attributes) => _graph.Attributes = attributes;

    public void Output(Value value) => _outputs.Add(value);

    public Graph Build()
    {
        _graph.SetOutputs(_outputs);
        return _graph;
    }

    /// <summary>The name, or the name with the first free suffix <c>.1</c>, <c>.2</c>, … where it is taken.</summary>
    private string? Unique(HashSet<string> taken, string? name)
    {
        if (name is null || taken.Add(name)) return name;
        int suffix = _lastSuffix.GetValueOrDefault(name);
        do suffix++;
        while (!taken.Add($"{name}.{suffix}"));
        _lastSuffix[name] = suffix;
        return $"{name}.{suffix}";
    }
}
